package io.ringdaemon.lifecycle;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceDesc.ReadOnly;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.time.World;
import io.ringdaemon.token.TokenGenerator;
import io.ringdaemon.token.Tokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What an instance writes about itself (reference/ring-semantics.md 2.2 and 2.3). Address, zone and
 * versions are its configuration's, whatever somebody wrote over them. The time of registration
 * stays what the ring says, 0 too; an entry that had vanished is registered anew.
 *
 * <p>Confined to the loop; remembers the tokens and the read-only flag last written.
 */
final class OwnEntry {
  private final World world;
  private final LifecyclerConfig config;
  private final TokenGenerator generator;
  private final Map<Long, Long> versions;
  private Tokens remembered = Tokens.NONE;
  private ReadOnly readOnly = ReadOnly.NEVER;
  private String failingCheck = "";
  private long firstPut = Long.MAX_VALUE;
  private Tokens lastPut = Tokens.NONE;

  OwnEntry(World world, LifecyclerConfig config, TokenGenerator generator) {
    this.world = world;
    this.config = config;
    this.generator = generator;
    versions = new TreeMap<>(config.options().versions());
    versions.put(InstanceDesc.RING_DAEMON, 1L);
  }

  /** Tokens from before this life. */
  void remember(Tokens tokens) {
    remembered = tokens;
  }

  /** The flag as the ring has it; as last written if the entry is gone. */
  boolean readOnlyIn(RingDesc ring) {
    return in(ring).filter(this::isOurs).map(InstanceDesc::readOnly).orElse(readOnly).on();
  }

  Optional<InstanceDesc> in(RingDesc ring) {
    return ring.instance(config.instanceId());
  }

  /** What the store now holds is what counts. */
  void written(RingDesc ring) {
    in(ring).filter(this::isOurs).ifPresent(entry -> readOnly = entry.readOnly());
  }

  /** Whether the entry speaks of this life of this node. */
  boolean isOurs(InstanceDesc entry) {
    Origin origin = entry.origin();
    boolean same =
        origin.node().equals(config.origin().node()) && origin.life() == config.origin().life();
    return same || isOursButForOrigin(entry);
  }

  /**
   * Programs that keep a whole ring as one value write it without the fields they don't know. What
   * comes back so is ours still: our address, our tokens, written since this life began. The next
   * heartbeat says again whose it is.
   */
  private boolean isOursButForOrigin(InstanceDesc entry) {
    return !entry.origin().known()
        && entry.timestamp() >= firstPut
        && entry.addr().equals(config.addr())
        && entry.tokens().ints().allMatch(lastPut::contains);
  }

  /** Why the instance's own check fails, from the next write on; empty: it doesn't. */
  void failingCheck(String why) {
    failingCheck = why;
  }

  String failingCheck() {
    return failingCheck;
  }

  private Origin origin() {
    return new Origin(config.origin().node(), config.origin().life(), failingCheck);
  }

  /** The ring without this instance, unless another life of it has taken the entry. */
  RingDesc removedFrom(RingDesc ring) {
    return in(ring).filter(entry -> entry.origin().known() && !isOurs(entry)).isPresent()
        ? ring
        : ring.without(config.instanceId());
  }

  /** The ring without what this very life wrote. */
  RingDesc withoutOurs(RingDesc ring) {
    return in(ring).filter(this::isOurs).isPresent() ? ring.without(config.instanceId()) : ring;
  }

  /** Tokens it had: those its entry still claims, else those it remembers. */
  Tokens kept(RingDesc ring) {
    Tokens claimed = in(ring).map(InstanceDesc::tokens).orElse(Tokens.NONE);
    return claimed.isEmpty() ? remembered : claimed;
  }

  boolean hasEnough(Tokens kept) {
    return kept.size() >= config.numTokens();
  }

  /** {@code kept} with as many drawn, or dropped by chance, as makes the number configured. */
  Tokens completed(RingDesc ring, Tokens kept) {
    int missing = config.numTokens() - kept.size();
    return missing < 0 ? trimmed(kept) : withMore(ring, kept, missing);
  }

  private Tokens trimmed(Tokens kept) {
    List<Integer> shuffled = new ArrayList<>(kept.ints().boxed().toList());
    for (int i = shuffled.size() - 1; i > 0; i--) {
      Collections.swap(shuffled, i, world.chance().nextInt(i + 1));
    }
    return Tokens.ofInts(shuffled.subList(0, config.numTokens()));
  }

  /** {@code owned} and {@code count} new ones that nobody claims. */
  Tokens withMore(RingDesc ring, Tokens owned, int count) {
    IntPredicate taken =
        token ->
            owned.contains(token)
                || ring.entries().stream().anyMatch(entry -> entry.tokens().contains(token));
    return owned.plus(generator.generate(count, taken));
  }

  /** The ring with the entry as it shall be now, dated so that it wins. */
  RingDesc put(RingDesc ring, InstanceState state, Tokens tokens) {
    InstanceDesc base = in(ring).filter(this::isOurs).orElseGet(() -> anew(ring));
    InstanceDesc wanted =
        InstanceDesc.of(base.id(), config.addr(), config.zone())
            .withState(state)
            .withTokens(tokens)
            .withRegistered(base.registered())
            .withReadOnly(base.readOnly())
            .withVersions(versions)
            .withOrigin(origin())
            .withUnknown(base.unknown());
    InstanceDesc entry = base.sameButForHeartbeat(wanted) ? base : wanted;
    long timestamp = ring.timestampFor(base.id(), world.now());
    firstPut = Math.min(firstPut, timestamp);
    lastPut = tokens;
    return ring.with(
        entry.withTimestamp(
            timestamp, ring.entry(base.id()).map(InstanceDesc::sequence).orElse(0L) + 1));
  }

  /** The same with the flag changed now. */
  RingDesc putReadOnly(RingDesc ring, Phase at, boolean on) {
    RingDesc put = put(ring, at.state(), at.claimed());
    return in(put)
        .map(entry -> put.with(entry.withReadOnly(new ReadOnly(on, world.now().getEpochSecond()))))
        .orElse(put);
  }

  private InstanceDesc anew(RingDesc ring) {
    Optional<InstanceDesc> before = in(ring);
    return InstanceDesc.of(config.instanceId(), config.addr(), config.zone())
        .withRegistered(before.map(InstanceDesc::registered).orElse(world.now().getEpochSecond()))
        .withReadOnly(before.map(InstanceDesc::readOnly).orElse(readOnly))
        .withOrigin(origin());
  }
}
