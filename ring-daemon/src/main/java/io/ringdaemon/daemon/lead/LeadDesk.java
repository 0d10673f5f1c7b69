package io.ringdaemon.daemon.lead;

import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.election.WorkLease;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import io.ringdaemon.web.Predecessor;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Grants leases for the work of one ring's leader on this node and says in the leader record when
 * that work has ended; the rules are {@link WorkLease}'s.
 *
 * <p><b>Threading:</b> confined to the loop, but for {@link #predecessor}.
 */
public final class LeadDesk {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final World world;
  private final KvStore store;
  private final RingMember member;
  private final Key<LeaderRecord> key;
  private final WorkLease lease;
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private boolean writing;
  private boolean parting;
  private volatile Optional<Predecessor> predecessor = Optional.empty();

  /** For a member that takes part in the election. */
  public LeadDesk(World world, KvStore store, RingMember member, long life) {
    this.world = world;
    this.store = store;
    this.member = member;
    this.key = new Key<>(member.config().key() + "/leader", LeaderRecordCodec.INSTANCE);
    this.lease = new WorkLease(member.config().selfId(), life);
    store.watch(key, this::onRecord);
    Every.start(world, LOOK, 0, this::look);
  }

  private void onRecord(LeaderRecord heard) {
    lease.onRecord(heard, world.nanoTime());
    predecessor = lease.predecessor().map(this::shown);
    look();
  }

  private Predecessor shown(WorkLease.Predecessor before) {
    Claim claim = before.claim();
    Instant until =
        predecessor
            .filter(known -> known.epoch() == claim.epoch())
            .map(Predecessor::until)
            .orElse(world.now());
    return new Predecessor(claim.instanceId(), claim.epoch(), until, before.ended());
  }

  /** Who led before the present leader. Any thread. */
  public Optional<Predecessor> predecessor() {
    return predecessor;
  }

  /** {@code holder} asks to work, or to go on. */
  public WorkLease.Answer ask(String holder) {
    assert world.loop().inside() : "outside the loop";
    Leadership leadership = member.leadership().orElseThrow();
    return lease.ask(holder, leadership, world.nanoTime());
  }

  /** The work of {@code holder} has ended; whether it had a lease. */
  public boolean giveBack(String holder) {
    assert world.loop().inside() : "outside the loop";
    boolean held = lease.giveBack(holder, world.nanoTime());
    look();
    return held;
  }

  private void look() {
    lease.due(world.nanoTime()).filter(ended -> !writing).ifPresent(this::tell);
    if (parting && !writing && !lease.busy(world.nanoTime())) {
      idle.complete(null);
    }
  }

  private void tell(LeaderRecord.Ended ended) {
    writing = true;
    store
        .cas(key, held -> held.ending(ended))
        .whenComplete(
            (held, failure) -> {
              writing = false;
              if (failure == null) {
                look(); // a failure is tried again when the timer fires
              }
            });
  }

  /** This node leaves: completes once nobody works here, which leases end by themselves. */
  public CompletionStage<Void> part() {
    parting = true;
    world.loop().execute(this::look);
    return idle;
  }
}
