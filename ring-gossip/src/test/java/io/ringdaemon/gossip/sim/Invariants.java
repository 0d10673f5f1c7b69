package io.ringdaemon.gossip.sim;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.lifecycle.Phase;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The promises of design.md section 9 as checks.
 *
 * <table>
 * <caption>promise: check</caption>
 * <tr><td>1 convergence</td><td>{@link #entriesNeverFall} after each event; {@link Simulation#converged} at the end</td></tr>
 * <tr><td>2 the removed stay away</td><td>{@link #removedStayRemoved} after each change of a view</td></tr>
 * <tr><td>3 nobody is lost</td><td>{@link #onlyTheAbsentAreRemoved}; {@link #seesItself} each 100 ms</td></tr>
 * <tr><td>4 leaders and epochs</td><td>{@link #epochsOnlyGrow}, {@link #leadsOnlyWithAKeptEpoch}, {@link #wokeWithoutTheLead} after each event; {@link #frozenDoNotLead}, {@link #oneLeaderWhereAllIsCalm} each 100 ms</td></tr>
 * <tr><td>5 crashes are seen</td><td>deadlines of the {@link Scenarios}</td></tr>
 * <tr><td>6 bounds</td><td>{@link #queuesAreBounded} each second</td></tr>
 * <tr><td>7 restarts</td><td>{@link #cameBackWithItsTokens}, {@link #leadsOnlyWithAKeptEpoch} after each event</td></tr>
 * <tr><td>views</td><td>{@link #noTokenTwice} after each change of a view (of up to {@value #SMALL} nodes), and at the end</td></tr>
 * </table>
 */
final class Invariants {
  /** Above it what costs more than a look at one node is left to the end. */
  static final int SMALL = 20;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** A reading of leadership is good for so long (design.md section 7). */
  private static final long VALID = SECOND;

  /** Enough for a claim to reach everybody, be the network as bad as it may. */
  private static final long CALM = 15 * SECOND;

  /** What is remembered of a node's life between two looks. */
  static final class Memory {
    private Ring ring;
    private Object held; // another object whenever a value changed
    private RingDesc desc = RingDesc.EMPTY;
    private long index;
    private long epoch;
    private Set<String> present = Set.of();
    private final Map<String, Long> removed = new HashMap<>();
    private long lastEvent;
    private long woke = Long.MIN_VALUE;
    private long missingSince = -1;
    private boolean wasActive;
  }

  private final Simulation sim;
  private long together = -1;
  private long lastSecond;

  Invariants(Simulation sim) {
    this.sim = sim;
  }

  /** After each task of a node: looks at that node only, and at little of it. */
  @SuppressWarnings("ReferenceEquality") // the same value unless something changed
  void afterEvent(SimNode node) {
    if (node == null || !node.running() || node.member() == null) {
      return;
    }
    Memory memory = node.memory;
    long now = sim.time().nanoTime();
    if (now - memory.lastEvent > VALID && memory.lastEvent > 0) {
      memory.woke = now;
    }
    memory.lastEvent = now;
    Leadership leadership = node.leadership();
    epochsOnlyGrow(node, leadership);
    if (leadership.selfLeads(now)) {
      wokeWithoutTheLead(node, now);
      leadsOnlyWithAKeptEpoch(node, leadership.leaderAt(now).orElseThrow().epoch());
    }
    if (memory.held != node.store().held()) {
      memory.held = node.store().held();
      valueChanged(node, node.desc());
    }
    if (memory.index != node.member().index() || memory.ring == null) {
      memory.index = node.member().index();
      memory.ring = node.ring();
      viewChanged(node);
    }
    if (!memory.wasActive && node.phase() instanceof Phase.Active active) {
      memory.wasActive = true;
      cameBackWithItsTokens(node, active.claimed());
    }
  }

  private void valueChanged(SimNode node, RingDesc desc) {
    entriesNeverFall(node, node.memory.desc, desc);
    node.memory.desc = desc;
    Optional<InstanceDesc> own = desc.instance(node.name());
    own.ifPresent(entry -> sim.absences().wrote(node.name(), entry.timestamp()));
    if (own.isPresent() || !node.phase().inRing()) {
      node.memory.missingSince = -1;
    } else if (node.memory.missingSince < 0) {
      node.memory.missingSince = sim.time().nanoTime();
    }
  }

  private void viewChanged(SimNode node) {
    Set<String> present = new HashSet<>();
    node.ring().instances().forEach(one -> present.add(one.id()));
    for (String id : node.memory.present) {
      if (!present.contains(id)) {
        node.desc()
            .entry(id)
            .filter(InstanceDesc::isTombstone)
            .ifPresent(
                tombstone -> {
                  node.memory.removed.put(id, tombstone.timestamp());
                  onlyTheAbsentAreRemoved(node, id);
                });
      }
    }
    removedStayRemoved(node, present);
    node.memory.present = present;
    if (present.size() <= SMALL) {
      noTokenTwice(node);
    }
  }

  /** Each 100 ms of virtual time: looks at all nodes. */
  void sample() {
    long now = sim.time().nanoTime();
    boolean second = now - lastSecond >= SECOND;
    List<SimNode> leading = new ArrayList<>();
    for (SimNode node : sim.nodes()) {
      if (node.running()) {
        frozenDoNotLead(node, now);
        seesItself(node, now);
        if (!node.loop().frozen() && node.leads()) {
          leading.add(node);
        }
        if (second) {
          queuesAreBounded(node);
        }
      }
    }
    lastSecond = second ? now : lastSecond;
    oneLeaderWhereAllIsCalm(leading, now);
  }

  /** Of the cluster as a whole, once all faults have ended. */
  void atTheEnd() {
    if (!sim.converged()) {
      throw new AssertionError("promise 1: converged, and then not any more");
    }
    for (SimNode node : sim.running()) {
      noTokenTwice(node);
      queuesAreBounded(node);
      for (Instance one : node.ring().instances()) {
        check(
            one.owned().size() == sim.config().tokens(),
            "views: %s sees %s owning %s",
            node,
            one.id(),
            one.owned());
      }
    }
  }

  private void entriesNeverFall(SimNode node, RingDesc before, RingDesc after) {
    Optional<int[]> replaced = after.replacedSince(before);
    if (replaced.isPresent()) {
      for (int place : replaced.get()) {
        notOlder(node, before.entries().get(place), after.entries().get(place));
      }
    } else if (after.entries().size() <= SMALL) {
      before
          .entries()
          .forEach(was -> after.entry(was.id()).ifPresent(is -> notOlder(node, was, is)));
    }
  }

  private static void notOlder(SimNode node, InstanceDesc was, InstanceDesc is) {
    check(
        is.timestamp() > was.timestamp()
            || (is.timestamp() == was.timestamp()
                && (is.sequence() >= was.sequence() || is.isTombstone())),
        "promise 1: at %s an entry went back from %s to %s",
        node,
        was,
        is);
  }

  private void removedStayRemoved(SimNode node, Set<String> present) {
    if (node.memory.removed.isEmpty()) {
      return;
    }
    for (String id : present) {
      Long tombstone = node.memory.removed.remove(id);
      check(
          tombstone == null || sim.absences().lastWritten(id) > tombstone,
          "promise 2: %s was removed at %s (%s) and is back, though it wrote nothing after %s",
          id,
          node,
          tombstone,
          sim.absences().lastWritten(id));
    }
  }

  private void onlyTheAbsentAreRemoved(SimNode node, String id) {
    check(
        sim.absences().mayBeRemoved(id),
        "promise 3: %s was taken out of the ring at %s, but nobody asked and it was not away",
        id,
        node);
  }

  private static void seesItself(SimNode node, long now) {
    long since = node.memory.missingSince;
    check(
        since < 0
            || now - since < 2 * SECOND
            || now - node.memory.lastEvent > SECOND
            || !node.staying()
            || !node.phase().inRing(),
        "promise 3: %s has been missing from its own view for 2 s",
        node);
  }

  private static void epochsOnlyGrow(SimNode node, Leadership leadership) {
    check(
        leadership.epoch() >= node.memory.epoch,
        "promise 4: at %s the epoch fell from %d to %d",
        node,
        node.memory.epoch,
        leadership.epoch());
    node.memory.epoch = leadership.epoch();
  }

  private static void wokeWithoutTheLead(SimNode node, long now) {
    check(
        now - node.memory.woke >= VALID || node.memory.woke == Long.MIN_VALUE,
        "promise 4: %s stood still for longer than its lead was good for, woke, and says it leads",
        node);
  }

  private static void leadsOnlyWithAKeptEpoch(SimNode node, long epoch) {
    check(
        node.disk().broken() || node.disk().epoch().orElse(0) >= epoch,
        "promise 7: %s leads with epoch %d, its disk has %s",
        node,
        epoch,
        node.disk().epoch());
    check(
        epoch > node.diedWithEpoch(),
        "promise 7: %s leads with epoch %d and had %d before it started",
        node,
        epoch,
        node.diedWithEpoch());
  }

  private static void frozenDoNotLead(SimNode node, long now) {
    check(
        now - node.memory.lastEvent <= VALID || !node.leads(),
        "promise 4: %s has stood still for %s and would say that it leads",
        node,
        Duration.ofNanos(now - node.memory.lastEvent));
  }

  private void oneLeaderWhereAllIsCalm(List<SimNode> leading, long now) {
    boolean several = false;
    for (int i = 1; i < leading.size(); i++) {
      several |= sim.mesh().reach(leading.get(0).name(), leading.get(i).name());
    }
    if (!several) {
      together = -1;
    } else if (together < 0) {
      together = now;
    }
    check(
        !several
            || now - together < CALM
            || sim.mesh().calmFor().toNanos() < CALM
            || sim.mesh().conditions().loss() >= 1,
        "promise 4: in one component lead %s",
        leading);
  }

  private void queuesAreBounded(SimNode node) {
    int values = node.desc().entries().size() + 2;
    long queued = node.gauges().read("ring_daemon_gossip_queued_broadcasts");
    check(
        queued <= 3L * values + 10,
        "promise 6: %s has %d changes of %d values queued",
        node,
        queued,
        values);
    int peers = node.listedPeers().size();
    check(peers <= 2_000, "promise 6: %s lists %d peers", node, peers);
    check(node.member().events().size() <= 50, "promise 6: the journal of %s", node);
    int waiting = node.loop().waiting();
    check(
        waiting <= 1_000 + 20 * values || node.loop().frozen(),
        "promise 6: %s has %d timers and tasks",
        node,
        waiting);
  }

  private void cameBackWithItsTokens(SimNode node, Tokens claimed) {
    Tokens had = node.diedWithTokens().orElse(Tokens.NONE);
    if (had.size() == sim.config().tokens() && !node.disk().lost()) {
      RingDesc ring = node.desc();
      Tokens lost =
          had.filter(
              token ->
                  !claimed.contains(token)
                      && ring.entries().stream()
                          .noneMatch(
                              other ->
                                  !other.id().equals(node.name())
                                      && other.tokens().contains(token)));
      check(
          lost.isEmpty(),
          "promise 7: %s had %s before it started, and came back with %s",
          node,
          had,
          claimed);
    }
  }

  private void noTokenTwice(SimNode node) {
    Set<Integer> owned = new HashSet<>();
    for (Instance one : node.ring().instances()) {
      one.owned()
          .ints()
          .forEach(
              token -> check(owned.add(token), "views: %s sees token %d owned twice", node, token));
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is in none of our dependencies
  private static void check(boolean holds, String message, Object... facts) {
    if (!holds) {
      throw new AssertionError(message.formatted(facts));
    }
  }
}
