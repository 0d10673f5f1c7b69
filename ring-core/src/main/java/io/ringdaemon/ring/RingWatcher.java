package io.ringdaemon.ring;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.model.SharedList;
import io.ringdaemon.model.SortedTokens;
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
 * Turns a ring's value, what the mesh says and the passing of time into views. Who is healthy:
 * {@link HealthRule}.
 *
 * <p>What a change costs follows from what it changes. New ids or zones, a token claimed twice: a
 * new view from the ground. Some instances' tokens: these are merged into the view's. Heartbeats
 * and states: the view's instances, with all about tokens shared. A heartbeat is judged when it
 * arrives; whether the others have become too old, four times a second.
 *
 * <p><b>Threading:</b> confined to the loop, but {@link #ring} may be read from any thread.
 * <b>Bounds:</b> one note per instance of the ring.
 */
public final class RingWatcher {
  private static final Duration CHECK = Duration.ofMillis(250);

  private final World world;
  private final RingOptions options;
  private final HealthRule rule;
  private final List<Consumer<Ring>> listeners = new ArrayList<>();
  private final KvStore.Watch watch;
  private final Every check;
  private RingDesc desc = RingDesc.EMPTY;
  private HealthRule.Note[] notes = {}; // by ordinal
  private int[] ordinals = {}; // by place among the entries; -1: not in the view
  private boolean[] contested = {}; // by place among the entries: claims what another does
  private volatile Ring ring;

  public RingWatcher(
      World world, RingOptions options, KvStore store, Key<RingDesc> key, Liveness liveness) {
    this.world = world;
    this.options = options;
    this.rule = new HealthRule(options.heartbeatTimeout(), liveness);
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
  @SuppressWarnings("ReferenceEquality") // the rule returns the same object where nothing is new
  public void refresh() {
    Instant now = world.now();
    long nanos = world.nanoTime();
    SharedList<Instance> before = ring.sharedInstances();
    SharedList<Instance> after = before;
    Standing standing = ring.standing();
    for (int i = 0; i < before.size(); i++) {
      Instance was = before.get(i);
      Instance is = rule.judge(was, was.desc(), was.owned(), notes[i], now, nanos);
      if (is != was) {
        after = after.with(i, is);
        standing = standing.with(i, was, is);
      }
    }
    if (after != before) {
      show(ring.with(desc::version, now, after, standing, ring.index()));
    }
  }

  public void stop() {
    watch.cancel();
    check.stop();
  }

  private void onValue(RingDesc value) {
    assert world.loop().inside() : "outside the loop";
    RingDesc before = desc;
    desc = value;
    Optional<int[]> replaced = value.replacedSince(before);
    if (replaced.isPresent() && sameShape(before, replaced.get())) {
      replace(replaced.get());
    } else {
      rebuild();
    }
  }

  /** Whether the same instances are where they were, and at most one has other tokens, all free. */
  private boolean sameShape(RingDesc before, int[] replaced) {
    int retokened = 0;
    for (int place : replaced) {
      InstanceDesc is = desc.entries().get(place);
      InstanceDesc was = before.entries().get(place);
      boolean sameTokens = is.tokens().equals(was.tokens());
      if (is.isTombstone() != was.isTombstone()
          || !is.zone().equals(was.zone())
          || (contested[place] && (!sameTokens || is.state() != was.state()))) {
        return false;
      }
      if (!sameTokens) {
        retokened++;
        Tokens taken =
            is.tokens()
                .filter(token -> ring.index().contains(token) && !was.tokens().contains(token));
        if (retokened > 1 || !taken.isEmpty() || !options.excludedZones().isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }

  private void replace(int[] replaced) {
    Instant now = world.now();
    long nanos = world.nanoTime();
    SharedList<Instance> before = ring.sharedInstances();
    int[] changed = new int[replaced.length];
    Instance[] judged = new Instance[replaced.length];
    int count = 0;
    Standing standing = ring.standing();
    TokenIndex index = ring.index();
    for (int place : replaced) {
      int ordinal = ordinals[place];
      if (ordinal >= 0) {
        InstanceDesc entry = desc.entries().get(place);
        Instance was = before.get(ordinal);
        boolean kept = contested[place] || entry.tokens().equals(was.owned());
        Tokens owned = kept ? was.owned() : entry.tokens();
        Instance is = rule.judge(was, entry, owned, notes[ordinal], now, nanos);
        index = kept ? index : index.with(ordinal, was.owned(), owned);
        standing = standing.with(ordinal, was, is);
        changed[count] = ordinal;
        judged[count++] = is;
      }
    }
    show(ring.with(desc::version, now, before.with(count, changed, judged), standing, index));
  }

  private void rebuild() {
    Instant now = world.now();
    long nanos = world.nanoTime();
    Map<String, HealthRule.Note> known = new HashMap<>();
    for (int i = 0; i < notes.length; i++) {
      known.put(ring.instances().get(i).id(), notes[i]);
    }
    SortedTokens claims = TokenConflicts.resolve(desc.instances());
    ordinals = new int[desc.entries().size()];
    contested = new boolean[ordinals.length];
    List<Instance> instances = new ArrayList<>(ordinals.length);
    List<HealthRule.Note> kept = new ArrayList<>(ordinals.length);
    int claimant = 0;
    for (int place = 0; place < ordinals.length; place++) {
      InstanceDesc entry = desc.entries().get(place);
      ordinals[place] = -1;
      if (!entry.isTombstone()) {
        contested[place] = claims.contested(claimant);
        Tokens owned = claims.ownedBy(claimant++);
        if (!options.excludedZones().contains(entry.zone())) {
          HealthRule.Note note = known.getOrDefault(entry.id(), new HealthRule.Note());
          ordinals[place] = instances.size();
          instances.add(rule.judge(null, entry, owned, note, now, nanos));
          kept.add(note);
        }
      }
    }
    notes = kept.toArray(new HealthRule.Note[0]);
    show(
        instances.size() == claimant
            ? Ring.of(options, desc::version, now, instances, claims)
            : Ring.of(options, desc::version, now, instances));
  }

  private void show(Ring view) {
    ring = view;
    List.copyOf(listeners).forEach(listener -> listener.accept(view));
  }
}
