package io.ringdaemon.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.election.EpochStore;
import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.kv.SharedStore;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Leading in a store that has locks: whoever the policy chose must hold it too. */
class StrongLeadTest {
  private static final Duration TTL = Duration.ofSeconds(5);
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime(3);
  private final SharedStore store = new SharedStore(time);
  private final Locks locks = new Locks();
  private final Map<String, Node> nodes = new TreeMap<>();
  private boolean mesh = true;

  /** The store's side of a lock: first come, first served, given up on a holder after its TTL. */
  private final class Locks {
    private final Deque<Lock> line = new ArrayDeque<>();
    private long renewed;

    private Locks() {
      watch();
    }

    private void watch() {
      if (!line.isEmpty() && time.nanoTime() - renewed > TTL.toNanos()) {
        line.remove();
        grant();
      }
      time.after(Duration.ofMillis(50), this::watch);
    }

    private void grant() {
      renewed = time.nanoTime();
      if (!line.isEmpty()) {
        Lock next = line.peek();
        next.node.execute(next::granted);
      }
    }

    private boolean renew(Lock lock) {
      if (line.peek() == lock) {
        renewed = time.nanoTime();
        return true;
      }
      return false;
    }

    private void leave(Lock lock) {
      boolean held = line.peek() == lock;
      line.remove(lock);
      if (held) {
        grant();
      }
    }
  }

  private final class Lock implements LeaderLock {
    private final VirtualTime.Node node;
    private @Nullable CompletableFuture<Void> waiting;
    private Runnable lost = () -> {};
    private boolean held;
    private long until;

    private Lock(VirtualTime.Node node) {
      this.node = node;
    }

    @Override
    public CompletionStage<Void> acquire(Runnable whenLost) {
      lost = whenLost;
      waiting = new CompletableFuture<>();
      locks.line.add(this);
      if (locks.line.peek() == this) {
        locks.grant();
      }
      return waiting;
    }

    private void granted() {
      if (waiting != null) {
        held = true;
        until = time.nanoTime() + TTL.minus(MARGIN).toNanos();
        waiting.complete(null);
        node.after(Duration.ofSeconds(1), this::renew);
      }
    }

    private void renew() {
      if (held && locks.renew(this)) {
        until = time.nanoTime() + TTL.minus(MARGIN).toNanos();
        node.after(Duration.ofSeconds(1), this::renew);
      } else if (held) {
        held = false;
        lost.run();
      }
    }

    @Override
    public CompletionStage<Boolean> vacant() {
      return CompletableFuture.completedFuture(locks.line.isEmpty());
    }

    @Override
    public long heldUntil() {
      return until;
    }

    @Override
    public CompletionStage<Void> release() {
      held = false;
      locks.leave(this);
      if (waiting != null) {
        waiting.completeExceptionally(new CancellationException("released"));
        waiting = null;
      }
      return CompletableFuture.completedFuture(null);
    }
  }

  private final class Node {
    private final String name;
    private final boolean registers;
    private final VirtualTime.Node loop = time.node();
    private RingMember member;

    private Node(String name, boolean registers) {
      this.name = name;
      this.registers = registers;
      loop.execute(this::begin);
      time.runUntil(Duration.ofSeconds(1), () -> member != null);
    }

    private void begin() {
      Origin origin = new Origin(name, 1, "");
      member =
          new RingMember(
              new RingMember.Config(
                  new RingOptions("strong", 3, false, Duration.ofMinutes(1)),
                  "collectors/strong",
                  name,
                  Optional.of(
                          new LifecyclerConfig(
                              name,
                              name + ":80",
                              "",
                              origin,
                              1,
                              Duration.ofSeconds(1),
                              Duration.ofSeconds(5),
                              Duration.ZERO,
                              true))
                      .filter(settings -> registers),
                  Optional.of(RingMember.ElectionRules.DEFAULTS),
                  new AutoForget(false, Duration.ofMinutes(1), false)),
              new RingMember.Surroundings(
                  loop.world(),
                  store.from(loop),
                  this::liveness,
                  TokenStore.none(),
                  new Epochs(),
                  (node, life, timeout) -> CompletableFuture.completedFuture(false),
                  null,
                  new Lock(loop),
                  Metrics.unseen(),
                  event -> {}));
      member.start();
    }

    private Liveness.Report liveness(String node, long life) {
      if (!mesh) {
        return Liveness.Report.UNKNOWN;
      }
      boolean there = nodes.containsKey(node) && !nodes.get(node).loop.frozen();
      return new Liveness.Report(there ? Liveness.State.ALIVE : Liveness.State.SUSPECT, time.now());
    }

    private boolean leads() {
      return member.leadership().orElseThrow().selfLeads(time.nanoTime());
    }
  }

  private static final class Epochs implements EpochStore {
    private OptionalLong kept = OptionalLong.empty();

    @Override
    public CompletionStage<OptionalLong> load() {
      return CompletableFuture.completedFuture(kept);
    }

    @Override
    public CompletionStage<Void> save(long epoch) {
      kept = OptionalLong.of(epoch);
      return CompletableFuture.completedFuture(null);
    }
  }

  private List<String> leading() {
    return nodes.values().stream().filter(Node::leads).map(node -> node.name).toList();
  }

  private String start() {
    for (String name : List.of("a", "b", "c")) {
      nodes.put(name, new Node(name, true));
    }
    check();
    time.runUntil(Duration.ofSeconds(10), () -> leading().size() == 1);
    time.runFor(Duration.ofSeconds(10));
    return leading().get(0);
  }

  /** Never two, and whoever leads is first in line: also a frozen one, were it asked. */
  private void check() {
    assertThat(leading()).hasSizeLessThanOrEqualTo(1);
    for (Node node : nodes.values()) {
      if (node.leads() && !node.loop.frozen()) {
        assertThat(locks.line).isNotEmpty();
        assertThat(locks.line.peek().node).isSameAs(node.loop);
      }
    }
    time.after(Duration.ofMillis(10), this::check);
  }

  @Test
  void theChosenOneHoldsTheLockAndHandsItOverWhenItLeaves() {
    String old = start();
    assertThat(nodes.get(old).member.leadership().orElseThrow().strength()).isEqualTo("strong");
    nodes.get(old).loop.execute(() -> nodes.get(old).member.leave());
    time.runUntil(
        Duration.ofSeconds(1), () -> leading().size() == 1 && !leading().get(0).equals(old));
  }

  @Test
  void whoOnlyLooksOnSeesWhoLeadsAndNeverLeads() {
    String old = start();
    Node looker = new Node("looker", false);
    nodes.put("looker", looker);
    time.runUntil(Duration.ofSeconds(1), () -> seen(looker).equals(Optional.of(old)));
    long before = looker.member.index();
    nodes.get(old).loop.execute(() -> nodes.get(old).member.leave());
    time.runUntil(
        Duration.ofSeconds(1),
        () -> seen(looker).isPresent() && !seen(looker).equals(Optional.of(old)));
    assertThat(looker.member.index()).isGreaterThan(before);
    assertThat(looker.member.leadership().orElseThrow().strength()).isEqualTo("strong");
    assertThat(looker.member.election()).isEmpty();
    assertThat(looker.member.ring().instance("looker")).isEmpty();
    time.runFor(Duration.ofMinutes(1));
    assertThat(leading()).containsExactly(seen(looker).orElseThrow());
  }

  private Optional<String> seen(Node node) {
    return node.member
        .leadership()
        .orElseThrow()
        .leaderAt(time.nanoTime())
        .map(Leadership.Leader::instanceId);
  }

  @Test
  void aFrozenHolderIsFollowedOnlyOnceItsLockHasRunOutAndNeverLeadsBesideAnother() {
    String old = start();
    long epoch = nodes.get(old).member.leadership().orElseThrow().epoch();
    nodes.get(old).loop.freeze(Duration.ofSeconds(30));
    time.runFor(TTL.minus(Duration.ofSeconds(2)));
    assertThat(leading()).isEmpty();
    time.runUntil(TTL, () -> leading().size() == 1);
    String next = leading().get(0);
    assertThat(next).isNotEqualTo(old);
    assertThat(nodes.get(next).member.leadership().orElseThrow().epoch()).isGreaterThan(epoch);
    time.runFor(Duration.ofMinutes(1));
    assertThat(leading()).hasSize(1);
  }

  @Test
  void withoutAMeshADeadHolderIsFollowedWhenItsLockRunsOutThoughItsHeartbeatIsNotOld() {
    mesh = false;
    String old = start();
    long epoch = nodes.get(old).member.leadership().orElseThrow().epoch();
    nodes.get(old).loop.freeze(Duration.ofSeconds(40)); // a heartbeat is old after a minute
    time.runFor(TTL.minus(Duration.ofSeconds(2)));
    assertThat(leading()).isEmpty();
    time.runUntil(Duration.ofSeconds(4), () -> leading().size() == 1);
    String next = leading().get(0);
    for (int second = 0; second < 30; second++) {
      time.runFor(Duration.ofSeconds(1));
      assertThat(leading()).as("who follows leads on").containsExactly(next);
    }
    assertThat(nodes.get(next).member.leadership().orElseThrow().epoch()).isEqualTo(epoch + 1);
    time.runFor(Duration.ofSeconds(20));
    assertThat(leading()).as("back, and long enough").containsExactly(old);
  }

  @Test
  void withoutACourierChangesAreMadeWhereTheyArriveByCasAndNoneIsLost() {
    start();
    List<Result> results = new ArrayList<>();
    for (Node node : nodes.values()) {
      for (String id : nodes.keySet()) {
        node.loop.execute(
            () ->
                node.member
                    .change(new Change.SetReadOnly(id, true), "", List.of(), "test")
                    .thenAccept(results::add));
      }
    }
    time.runUntil(Duration.ofSeconds(1), () -> results.size() == 9);
    assertThat(results).allMatch(result -> result.outcome() == Result.Outcome.DONE);
    String stale = "0000000000000000";
    nodes
        .get("a")
        .loop
        .execute(
            () ->
                nodes
                    .get("a")
                    .member
                    .change(new Change.SetReadOnly("b", false), "", List.of(stale), "test")
                    .thenAccept(results::add));
    time.runUntil(Duration.ofSeconds(1), () -> results.size() == 10);
    assertThat(results.get(9).outcome()).isEqualTo(Result.Outcome.STALE);
    assertThat(nodes.get("c").member.ring().instances())
        .allMatch(one -> one.desc().readOnly().on());
  }
}
