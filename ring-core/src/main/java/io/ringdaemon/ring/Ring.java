package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A ring at one moment, as one node sees it: who is in it, how well they are, who owns what.
 *
 * <p>Lookups follow reference/ring-semantics.md 5.2 to 5.5 (default strategy). A key's owner is the
 * instance with the first token strictly greater than the key.
 *
 * <p><b>Threading:</b> immutable; any thread. <b>Bounds:</b> 8 bytes a token besides the tokens
 * themselves, shared between views that differ only in heartbeats.
 */
public final class Ring {
  private final RingOptions options;
  private final String version;
  private final Instant asOf;
  private final List<Instance> instances;
  private final Supplier<TokenIndex> index;
  private final List<String> zones;

  private Ring(
      RingOptions options,
      String version,
      Instant asOf,
      List<Instance> instances,
      Supplier<TokenIndex> index) {
    this.options = options;
    this.version = version;
    this.asOf = asOf;
    this.instances = List.copyOf(instances);
    this.index = index;
    TreeSet<String> zones = new TreeSet<>();
    this.instances.forEach(instance -> zones.add(instance.zone()));
    this.zones = List.copyOf(zones);
  }

  /** A view. {@code instances} are in the order of their ids; {@code version} is their hash. */
  public static Ring of(
      RingOptions options, String version, Instant asOf, List<Instance> instances) {
    TokenIndex index = TokenIndex.of(instances);
    return new Ring(options, version, asOf, instances, () -> index);
  }

  /**
   * A view of only the instances at {@code ordinals} of {@link #instances()}, which ascend; it
   * keeps version and moment. Its tokens are sorted when first asked for: cheap to make.
   */
  public Ring subring(int[] ordinals) {
    List<Instance> some = at(ordinals);
    return new Ring(options, version, asOf, some, new LazyIndex(some));
  }

  /**
   * Such a subring as {@code earlier}, which was made of the same ordinals of a view with the same
   * ids and tokens: its sorted tokens are used again.
   */
  public Ring subring(int[] ordinals, Ring earlier) {
    return new Ring(options, version, asOf, at(ordinals), earlier.index);
  }

  private List<Instance> at(int[] ordinals) {
    Instance[] some = new Instance[ordinals.length];
    for (int i = 0; i < ordinals.length; i++) {
      some[i] = instances.get(ordinals[i]);
    }
    return List.of(some);
  }

  /** The same tokens, owners and ids; something else about the instances has changed. */
  Ring withInstances(String version, Instant asOf, List<Instance> instances) {
    return new Ring(options, version, asOf, instances, index);
  }

  public String name() {
    return options.name();
  }

  public RingOptions options() {
    return options;
  }

  /** Hash of the entries without heartbeats: equal on all nodes that hold the same entries. */
  public String version() {
    return version;
  }

  /** Wall time of the node that made this view. */
  public Instant asOf() {
    return asOf;
  }

  /** Every instance, by id. */
  public List<Instance> instances() {
    return instances;
  }

  public Optional<Instance> instance(String id) {
    int at = Collections.binarySearch(instances.stream().map(Instance::id).toList(), id);
    return at < 0 ? Optional.empty() : Optional.of(instances.get(at));
  }

  /** Zones that have an instance, sorted; the empty one among them if some have none. */
  public List<String> zones() {
    return zones;
  }

  public int tokenCount() {
    return index().size();
  }

  /**
   * Index, among all tokens in unsigned order, of the one that owns {@code key} (a raw 32-bit
   * pattern): the first one strictly greater, wrapping past the end. The ring has tokens.
   */
  public int successor(int key) {
    return index().successor(key);
  }

  /** Ordinal in {@link #instances()} of the owner of the token at {@code tokenIndex}. */
  public int ownerOf(int tokenIndex) {
    return index().ordinal(tokenIndex);
  }

  private TokenIndex index() {
    return index.get();
  }

  /**
   * Whom to ask about {@code key} (a raw 32-bit pattern).
   *
   * @throws EmptyRing no instance owns a token
   * @throws TooFewHealthyInstances less than a quorum of its owners can serve
   */
  public ReplicationSet owners(int key, Operation operation) {
    if (index().size() == 0) {
      throw new EmptyRing(name());
    }
    List<Instance> found = walk(key, operation);
    List<Instance> fit = found.stream().filter(instance -> instance.serves(operation)).toList();
    int needed = Math.max(options.replicationFactor(), found.size()) / 2 + 1;
    if (fit.size() < needed) {
      throw new TooFewHealthyInstances(
          needed,
          fit.size(),
          found.stream()
              .filter(instance -> !instance.serves(operation))
              .map(Instance::id)
              .toList());
    }
    return new ReplicationSet(fit, fit.size() - needed);
  }

  /** reference/ring-semantics.md 5.4: clockwise from the key, at most one turn. */
  private List<Instance> walk(int key, Operation operation) {
    int size = options.replicationFactor();
    Set<Integer> seen = new LinkedHashSet<>();
    Map<String, Integer> foundInZone = new HashMap<>();
    int start = index().successor(key);
    for (int step = 0;
        step < index().size() && seen.size() < Math.min(instances.size(), size);
        step++) {
      int ordinal = index().ordinal((start + step) % index().size());
      if (seen.contains(ordinal)) {
        continue;
      }
      Instance instance = instances.get(ordinal);
      boolean zoned = options.zoneAware() && !instance.zone().isEmpty();
      if (zoned && foundInZone.getOrDefault(instance.zone(), 0) > 0) {
        continue;
      }
      seen.add(ordinal);
      if (operation.extending().contains(instance.state())) {
        size++;
      } else if (zoned) {
        foundInZone.merge(instance.zone(), 1, Integer::sum);
      }
    }
    List<Instance> found = new ArrayList<>(seen.size());
    seen.forEach(ordinal -> found.add(instances.get(ordinal)));
    return found;
  }

  /** Share of the circle each instance owns, 0..1, in the order of {@link #instances()}. */
  public double[] shares() {
    long[] owned = index().owned(instances.size());
    double[] shares = new double[owned.length];
    for (int i = 0; i < owned.length; i++) {
      shares[i] = owned[i] / 4294967296.0;
    }
    return shares;
  }

  /** Tokens of the whole ring in order, each with its owner, for drawing: see {@link Arc}. */
  public List<Arc> arcs() {
    List<Arc> arcs = new ArrayList<>(index().size());
    for (int i = 0; i < index().size(); i++) {
      long start = index().token(i == 0 ? index().size() - 1 : i - 1);
      arcs.add(new Arc(start, index().token(i), instances.get(index().ordinal(i))));
    }
    return arcs;
  }

  /**
   * Whom dskit's rule "owner of key 0, one replica, write" would name: the first ACTIVE instance
   * clockwise from 0, foreign or not, well or not (reference/ring-semantics.md section 11).
   */
  public Optional<Instance> lowestTokenOwner() {
    for (int step = 0; step < index().size(); step++) {
      Instance instance =
          instances.get(index().ordinal((index().successor(0) + step) % index().size()));
      if (instance.state() == InstanceState.ACTIVE) {
        return Optional.of(instance);
      }
    }
    return Optional.empty();
  }

  /** The part of the circle from {@code start} to just before {@code end}, and its owner. */
  public record Arc(long start, long end, Instance owner) {
    /** How many keys it holds. */
    public long length() {
      return end > start ? end - start : end - start + (1L << 32);
    }
  }
}
