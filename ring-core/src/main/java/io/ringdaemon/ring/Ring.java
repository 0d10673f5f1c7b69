package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.SharedList;
import io.ringdaemon.model.SortedTokens;
import io.ringdaemon.token.TokenRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A ring at one moment, as one node sees it: who is in it, how well they are, who owns what.
 *
 * <p>Lookups follow reference/ring-semantics.md 5.2 to 5.6. A key's owner is the instance with the
 * first token strictly greater than the key. {@link #ownersPacked} is the fast one: it reads the
 * answer from a table where that table allows for all it meets, and says so where not.
 *
 * <p><b>Threading:</b> immutable; any thread. <b>Bounds:</b> 16 bytes a token besides the tokens
 * themselves, shared between views that differ in other things than tokens; such a view costs under
 * 1 KB.
 */
public final class Ring {
  private final RingOptions options;
  private final Supplier<String> version;
  private final Instant asOf;
  private final SharedList<Instance> instances;
  private final Topology topology;
  private final Standing standing;
  private @Nullable KeyOwners lookup; // in a subring made when first asked; the race is harmless

  private Ring(
      RingOptions options,
      Supplier<String> version,
      Instant asOf,
      SharedList<Instance> instances,
      Topology topology,
      Standing standing,
      @Nullable KeyOwners lookup) {
    this.options = options;
    this.version = version;
    this.asOf = asOf;
    this.instances = instances;
    this.topology = topology;
    this.standing = standing;
    this.lookup = lookup;
  }

  /**
   * A view of instances in the order of their ids, without those of excluded zones. A token that
   * two of them own counts for one ({@code TokenConflicts}). {@code version} is their hash.
   */
  public static Ring of(
      RingOptions options, String version, Instant asOf, List<Instance> instances) {
    return of(options, () -> version, asOf, instances);
  }

  static Ring of(
      RingOptions options, Supplier<String> version, Instant asOf, List<Instance> instances) {
    List<Instance> included =
        instances.stream().filter(one -> !options.excludedZones().contains(one.zone())).toList();
    return of(options, version, asOf, included, Topology.sort(included));
  }

  /** A view of instances whose tokens are sorted already. */
  static Ring of(
      RingOptions options,
      Supplier<String> version,
      Instant asOf,
      List<Instance> included,
      SortedTokens tokens) {
    SharedList<Instance> instances = SharedList.of(included);
    Roster roster = Roster.of(included, options.zoneAware());
    TokenIndex index = TokenIndex.of(tokens, roster, options.replicationFactor() <= 3);
    Standing standing = Standing.of(included);
    KeyOwners lookup = new KeyOwners(options, roster, index, standing);
    Topology topology = Topology.of(options, roster, index);
    return new Ring(options, version, asOf, instances, topology, standing, lookup);
  }

  /** The same ids and zones; something else about the instances has changed. */
  Ring with(
      Supplier<String> version,
      Instant asOf,
      SharedList<Instance> instances,
      Standing standing,
      TokenIndex index) {
    boolean sameTokens = index == topology.index();
    KeyOwners same =
        standing == this.standing && sameTokens
            ? lookup()
            : new KeyOwners(options, topology.roster(), index, standing);
    Topology now = sameTokens ? topology : Topology.of(options, topology.roster(), index);
    return new Ring(options, version, asOf, instances, now, standing, same);
  }

  /**
   * A view of only the instances at {@code ordinals} of {@link #instances()}, which ascend; it
   * keeps version and moment. Its tokens are sorted when first asked for: cheap to make.
   */
  public Ring subring(int[] ordinals) {
    SharedList<Instance> some = at(ordinals);
    return new Ring(
        options, version, asOf, some, Topology.later(options, some), Standing.of(some), null);
  }

  /**
   * Such a subring as {@code earlier}, which was made of the same ordinals of a view with the same
   * ids and tokens: its sorted tokens are used again.
   */
  public Ring subring(int[] ordinals, Ring earlier) {
    SharedList<Instance> some = at(ordinals);
    return new Ring(options, version, asOf, some, earlier.topology, Standing.of(some), null);
  }

  private SharedList<Instance> at(int[] ordinals) {
    Instance[] some = new Instance[ordinals.length];
    for (int i = 0; i < ordinals.length; i++) {
      some[i] = instances.get(ordinals[i]);
    }
    return SharedList.of(List.of(some));
  }

  public String name() {
    return options.name();
  }

  public RingOptions options() {
    return options;
  }

  /** Hash of the entries without heartbeats: equal on all nodes that hold the same entries. */
  public String version() {
    return version.get();
  }

  /** Wall time of the node that made this view. */
  public Instant asOf() {
    return asOf;
  }

  /** Every instance, by id. The place of one in this list is its ordinal. */
  public List<Instance> instances() {
    return instances;
  }

  SharedList<Instance> sharedInstances() {
    return instances;
  }

  Standing standing() {
    return standing;
  }

  TokenIndex index() {
    return topology.index();
  }

  Roster roster() {
    return topology.roster();
  }

  private KeyOwners lookup() {
    KeyOwners known = lookup;
    if (known == null) {
      known = new KeyOwners(options, topology.roster(), topology.index(), standing);
      lookup = known;
    }
    return known;
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

  public Optional<Instance> instance(String id) {
    int ordinal = roster().ordinal(id);
    return ordinal < 0 ? Optional.empty() : Optional.of(instances.get(ordinal));
  }

  public boolean hasInstance(String id) {
    return roster().ordinal(id) >= 0;
  }

  /**
   * Its place in {@link #instances()}.
   *
   * @throws UnknownInstance there is none
   */
  public int ordinal(String id) {
    int ordinal = roster().ordinal(id);
    if (ordinal < 0) {
      throw new UnknownInstance(name(), id);
    }
    return ordinal;
  }

  /** Zones that have an instance, sorted; the empty one among them if some have none. */
  public List<String> zones() {
    return roster().zones();
  }

  public int tokenCount() {
    return index().size();
  }

  public int instanceCount() {
    return instances.size();
  }

  public int countWithTokens() {
    return count(one -> !one.owned().isEmpty());
  }

  public int countInZone(String zone) {
    return count(one -> one.zone().equals(zone));
  }

  public int countIn(InstanceState state) {
    return count(one -> one.state() == state);
  }

  /** Instances that have tokens and are not read-only. */
  public int countWritable() {
    return count(one -> !one.owned().isEmpty() && !one.desc().readOnly().on());
  }

  /** Those of them in {@code zone}. */
  public int countWritableInZone(String zone) {
    return count(
        one -> one.zone().equals(zone) && !one.owned().isEmpty() && !one.desc().readOnly().on());
  }

  private int count(Predicate<Instance> which) {
    int count = 0;
    for (Instance instance : instances) {
      count += which.test(instance) ? 1 : 0;
    }
    return count;
  }

  /**
   * Whom to ask about {@code key} (a raw 32-bit pattern).
   *
   * @throws EmptyRing no instance owns a token
   * @throws TooFewHealthyInstances less than a quorum of its owners can serve
   */
  public ReplicationSet owners(int key, Operation operation) {
    return owners(key, operation, options.replicationFactor());
  }

  /**
   * The same with {@code replicas} in place of the configured replication factor; fewer count as
   * that.
   *
   * @throws IllegalArgumentException more than that, with a strategy that does not allow it
   */
  public ReplicationSet owners(int key, Operation operation, int replicas) {
    return lookup().set(key, operation, replicas, instances);
  }

  /**
   * Whom to ask about {@code key}, without allocating and in nanoseconds: up to three instances, to
   * be read with {@link PackedOwners}. {@link PackedOwners#NONE} where the answer has no such form:
   * more than three replicas or 65,534 instances, an owner in a state that extends the set, or no
   * quorum. Then {@link #owners(int, Operation, Owners)} has the answer. Instances that can't serve
   * are left out, as everywhere.
   *
   * @throws EmptyRing no instance owns a token
   */
  public long ownersPacked(int key, Operation operation) {
    return lookup().packed(key, operation);
  }

  /**
   * The same for any ring and operation, put into {@code into}; returns how many can serve. Whether
   * they are enough is asked there ({@link Owners#quorum}): nothing is thrown for want of them.
   *
   * @throws EmptyRing no instance owns a token
   */
  public int owners(int key, Operation operation, Owners into) {
    return lookup().find(key, operation, options.replicationFactor(), into, instances);
  }

  /**
   * Everybody who can serve, with tokens or without; all must answer.
   *
   * @throws EmptyRing there is no instance at all
   */
  public ReplicationSet allHealthy(Operation operation) {
    return WholeRing.allHealthy(this, operation);
  }

  /**
   * Whom to ask to have the whole ring's content (reference/ring-semantics.md 5.5). With zones,
   * those that have an instance unfit are left out whole.
   *
   * @throws EmptyRing no instance owns a token
   * @throws TooFewHealthyInstances too many instances, or zones, are unfit
   */
  public ReplicationSet replicationSetForOperation(Operation operation) {
    return options.zoneAware()
        ? WholeRing.byZones(this, operation)
        : WholeRing.byInstances(this, operation);
  }

  /** The same as if the ring were not zone aware. */
  public ReplicationSet replicationSetWithoutZoneAwareness(Operation operation) {
    return WholeRing.byInstances(this, operation);
  }

  /**
   * Which keys an instance is a replica of: those it owns among its zone's tokens.
   *
   * @throws UnknownInstance there is no such instance
   * @throws NoTokenRanges unless the ring is zone aware with as many zones as replicas and the
   *     instance has a zone: only then is that one instance a zone
   */
  public TokenRanges tokenRanges(String id) {
    return WholeRing.tokenRanges(this, ordinal(id));
  }

  /** Share of the circle each instance owns, 0..1, in the order of {@link #instances()}. */
  public double[] shares() {
    long[] owned = index().owned();
    double[] shares = new double[owned.length];
    for (int i = 0; i < owned.length; i++) {
      shares[i] = owned[i] / 4294967296.0;
    }
    return shares;
  }

  /**
   * How many of the 2^32 keys each instance owns, each zone being a circle of its own, in the order
   * of {@link #instances()}: dskit's {@code CountTokens}.
   */
  public long[] ownership() {
    return index().ownedInZone();
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

  /** The arcs of one instance, in the order of the circle; none for an unknown one. */
  public List<Arc> arcs(String id) {
    int ordinal = roster().ordinal(id);
    List<Arc> arcs = new ArrayList<>();
    for (int i = 0; i < index().size(); i++) {
      if (index().ordinal(i) == ordinal) {
        long start = index().token(i == 0 ? index().size() - 1 : i - 1);
        arcs.add(new Arc(start, index().token(i), instances.get(ordinal)));
      }
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
