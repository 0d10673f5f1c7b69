package io.ringdaemon.ring;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.model.TokenConflicts;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns a ring's value, what the mesh says and the passing of time into views. Health (design.md
 * section 6): the entry's node isn't dead, its own check doesn't fail, and its heartbeat is
 * <i>fresh</i>: younger than the timeout by this node's clock, or one newer than we knew arrived
 * within the timeout of this node's elapsed time. A heartbeat from the future counts from its
 * arrival alone. So a skewed clock by itself makes nobody unhealthy, and none stays healthy by it
 * for ever.
 *
 * <p><b>Threading:</b> confined to the loop, but {@link #ring} may be read from any thread.
 * <b>Bounds:</b> one note per instance of the ring.
 */
public final class RingWatcher {
  private static final Duration CHECK = Duration.ofMillis(250);
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  /** What this node remembers of an instance beside its entry. */
  private static final class Note {
    private long timestamp;
    private long arrived;
    private boolean hasArrived;
    private InstanceState state = InstanceState.LEFT;
    private Instant stateSince = Instant.EPOCH;
    private Health health = new Health(true, Optional.empty(), Instant.EPOCH, "");
  }

  private final World world;
  private final RingOptions options;
  private final Liveness liveness;
  private final List<Consumer<Ring>> listeners = new ArrayList<>();
  private final KvStore.Watch watch;
  private final Every check;
  private Map<String, Note> notes = new HashMap<>();
  private RingDesc desc = RingDesc.EMPTY;
  private Map<String, Tokens> owned = Map.of();
  private volatile Ring ring;

  public RingWatcher(
      World world, RingOptions options, KvStore store, Key<RingDesc> key, Liveness liveness) {
    this.world = world;
    this.options = options;
    this.liveness = liveness;
    this.ring = Ring.of(options, RingDesc.EMPTY.version(), world.now(), List.of());
    this.watch = store.watch(key, this::onValue);
    this.check = Every.start(world, CHECK, 0, this::refresh);
  }

  /** The present view. Any thread. */
  public Ring ring() {
    return ring;
  }

  /** The value behind the view, tombstones included. */
  public RingDesc desc() {
    assert world.loop().inside() : "outside the loop";
    return desc;
  }

  /** Calls {@code listener} with each new view from now on. */
  public void listen(Consumer<Ring> listener) {
    listeners.add(listener);
  }

  /** To be called when the liveness of some node changed. */
  public void refresh() {
    publish(false);
  }

  public void stop() {
    watch.cancel();
    check.stop();
  }

  private void onValue(RingDesc value) {
    assert world.loop().inside() : "outside the loop";
    desc = value;
    owned = TokenConflicts.owned(value.entries());
    publish(true);
  }

  private void publish(boolean valueChanged) {
    Instant now = world.now();
    Map<String, Note> kept = new HashMap<>();
    List<Instance> instances = new ArrayList<>();
    for (InstanceDesc entry : desc.instances()) {
      Note note = notes.getOrDefault(entry.id(), new Note());
      kept.put(entry.id(), note);
      instances.add(instance(entry, note, now));
    }
    notes = kept;
    if (!valueChanged && instances.equals(ring.instances())) {
      return;
    }
    String version = valueChanged ? desc.version() : ring.version();
    ring =
        sameTokens(instances, ring.instances())
            ? ring.withInstances(version, now, instances)
            : Ring.of(options, version, now, instances);
    Ring view = ring;
    List.copyOf(listeners).forEach(listener -> listener.accept(view));
  }

  private static boolean sameTokens(List<Instance> some, List<Instance> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!some.get(i).id().equals(others.get(i).id())
          || !some.get(i).owned().equals(others.get(i).owned())) {
        return false;
      }
    }
    return true;
  }

  private Instance instance(InstanceDesc entry, Note note, Instant now) {
    Liveness.Report node =
        entry.origin().known()
            ? liveness.of(entry.origin().node(), entry.origin().life())
            : Liveness.Report.UNKNOWN;
    boolean firstSight = note.timestamp == 0;
    if (entry.timestamp() > note.timestamp) {
      note.timestamp = entry.timestamp();
      // The first sight of an old heartbeat proves nothing, unless its node is there to see.
      if (!firstSight || node.state() == Liveness.State.ALIVE || age(entry, now).isNegative()) {
        note.arrived = world.nanoTime();
        note.hasArrived = true;
      }
    }
    if (entry.state() != note.state) {
      note.state = entry.state();
      note.stateSince = now;
    }
    Health health = health(entry, note, node, now);
    if (health.healthy() != note.health.healthy()
        || !health.reason().equals(note.health.reason())) {
      note.health = health;
    } else if (note.health.since().equals(Instant.EPOCH)) {
      note.health = new Health(true, Optional.empty(), now, "");
    }
    boolean clockAhead = age(entry, now).compareTo(CLOCK_TOLERANCE.negated()) < 0;
    return new Instance(
        entry,
        owned.getOrDefault(entry.id(), Tokens.NONE),
        note.health,
        note.stateSince,
        clockAhead);
  }

  private Health health(InstanceDesc entry, Note note, Liveness.Report node, Instant now) {
    if (node.state() == Liveness.State.DEAD || node.state() == Liveness.State.LEFT) {
      String how = node.state() == Liveness.State.DEAD ? "stopped answering" : "has left";
      return ill(
          false, Health.Reason.DEAD, node.since(), "its node " + entry.origin().node() + " " + how);
    }
    if (!entry.origin().failingCheck().isEmpty()) {
      return ill(
          false, Health.Reason.CHECK, now, "its check fails: " + entry.origin().failingCheck());
    }
    if (!fresh(entry, note, now)) {
      return ill(
          false,
          Health.Reason.HEARTBEAT,
          now,
          "no heartbeat for longer than %d s".formatted(options.heartbeatTimeout().toSeconds()));
    }
    if (node.state() == Liveness.State.SUSPECT) {
      return ill(
          true,
          Health.Reason.SUSPECTED,
          node.since(),
          "its node " + entry.origin().node() + " does not answer");
    }
    return new Health(true, Optional.empty(), now, "");
  }

  private static Health ill(boolean healthy, Health.Reason reason, Instant since, String detail) {
    return new Health(healthy, Optional.of(reason), since, detail);
  }

  private boolean fresh(InstanceDesc entry, Note note, Instant now) {
    Duration age = age(entry, now);
    boolean arrivedLately =
        note.hasArrived && world.nanoTime() - note.arrived <= options.heartbeatTimeout().toNanos();
    boolean young = !age.isNegative() && age.compareTo(options.heartbeatTimeout()) <= 0;
    return young || arrivedLately;
  }

  private static Duration age(InstanceDesc entry, Instant now) {
    return Duration.between(Instant.ofEpochSecond(entry.timestamp()), now);
  }
}
