package io.ringdaemon.lifecycle;

import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.RandomTokens;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** One life of an instance in a {@link SharedRing}: started at once, ended by kill or leave. */
final class Life {
  /** What survives a kill. */
  static final class Disk implements TokenStore {
    Optional<Tokens> tokens = Optional.empty();

    @Override
    public CompletionStage<Optional<Tokens>> load() {
      return CompletableFuture.completedFuture(tokens);
    }

    @Override
    public CompletionStage<Void> save(Tokens kept) {
      tokens = Optional.of(kept);
      return CompletableFuture.completedFuture(null);
    }
  }

  final VirtualTime time;
  final VirtualTime.Node node;
  final SharedRing ring;
  final String id;
  final long life;
  final RingWatcher watcher;
  final Lifecycler lifecycler;
  final List<String> journal = new ArrayList<>();
  final List<InstanceState> states = new ArrayList<>(List.of(InstanceState.PENDING));
  final Disk disk;

  Life(
      VirtualTime time,
      SharedRing ring,
      String id,
      Disk disk,
      Liveness liveness,
      UnaryOperator<LifecyclerConfig> settings) {
    this.time = time;
    this.ring = ring;
    this.id = id;
    this.disk = disk;
    node = time.node();
    life = time.now().toEpochMilli();
    watcher =
        new RingWatcher(
            node.world(),
            new RingOptions("test", 1, false, Duration.ofMinutes(1)),
            ring.from(node),
            SharedRing.KEY,
            liveness);
    lifecycler =
        new Lifecycler(
            node.world(),
            settings.apply(config(id, life)),
            ring.from(node),
            SharedRing.KEY,
            watcher,
            liveness,
            disk,
            new RandomTokens(node.world().chance()),
            Metrics.unseen(),
            (kind, text) -> journal.add(kind + ": " + text));
    lifecycler.listen(() -> states.add(lifecycler.phase().state()));
    node.execute(lifecycler::start);
  }

  /** Four tokens, observed for a second, a heartbeat each five. */
  static LifecyclerConfig config(String id, long life) {
    return new LifecyclerConfig(
        id,
        id + ":80",
        "zone-" + id,
        new Origin("node-" + id, life, ""),
        4,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        true);
  }

  InstanceState state() {
    return lifecycler.phase().state();
  }

  Optional<InstanceDesc> entry() {
    return ring.value().instance(id);
  }

  InstanceDesc present() {
    return entry().orElseThrow(() -> new AssertionError(id + " is not in the ring"));
  }

  void runUntil(InstanceState state) {
    time.runUntil(Duration.ofMinutes(10), () -> state() == state);
    time.runFor(Duration.ZERO); // listeners are told a moment later
  }

  /** Runs {@code work} on the loop and returns its stage. */
  <T> CompletableFuture<T> on(Function<Lifecycler, CompletionStage<T>> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    node.execute(
        () ->
            work.apply(lifecycler)
                .whenComplete(
                    (value, error) -> {
                      if (error == null) {
                        done.complete(value);
                      } else {
                        done.completeExceptionally(error);
                      }
                    }));
    return done;
  }

  void runFor(Duration duration) {
    time.runFor(duration);
  }
}
