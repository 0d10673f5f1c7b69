package io.ringdaemon.lifecycle;

import io.ringdaemon.lifecycle.Phase.Pending;
import io.ringdaemon.lifecycle.Phase.Waiting;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * From nothing to tokens: registers an instance once no older life of it is alive, and lets it draw
 * tokens when it may ({@link Phase}: Pending, Waiting, and the step to Joining). An instance that
 * has as many tokens as it shall have waits for nobody.
 *
 * <p>Confined to the loop. <b>Bounds:</b> one timer; registering is tried four times a second until
 * it succeeds.
 */
final class Joiner {
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final Duration GATE_POLL = Duration.ofSeconds(1);

  private final World world;
  private final LifecyclerConfig config;
  private final RingWatcher watcher;
  private final Liveness liveness;
  private final OwnEntry own;
  private final RingWriter writer;
  private final Standing standing;
  private final BiConsumer<String, String> journal;
  private final LifecycleOptions options;
  private final Runnable onRegistered;
  private final Runnable onTokens;
  private Loop.@Nullable Timer timer;

  /**
   * {@code onRegistered} is called when the entry is in the ring, {@code onTokens} when it has its
   * tokens and is JOINING.
   */
  Joiner(Surroundings around, Runnable onRegistered, Runnable onTokens) {
    world = around.world();
    config = around.config();
    watcher = around.watcher();
    liveness = around.liveness();
    own = around.own();
    writer = around.writer();
    standing = around.standing();
    journal = around.journal();
    options = config.options();
    this.onRegistered = onRegistered;
    this.onTokens = onTokens;
  }

  void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }

  void register() {
    if (!(standing.phase() instanceof Pending)) {
      return;
    }
    Optional<String> rival = rival();
    if (rival.isPresent()) {
      standing.hindered(Obstacle.Kind.RIVAL, rival.get());
      world.loop().after(RETRY, this::register);
      return;
    }
    boolean mayJoin = options.joinAfter().isZero() && options.joinGate().canJoin(watcher.ring());
    writer.write(
        ring -> {
          Tokens kept = own.kept(ring);
          return mayJoin || own.hasEnough(kept)
              ? own.put(ring, InstanceState.JOINING, own.completed(ring, kept))
              : own.put(ring, InstanceState.PENDING, kept);
        },
        ring -> own.in(ring).ifPresent(this::registered),
        failure -> world.loop().after(RETRY, this::register));
  }

  private void registered(InstanceDesc entry) {
    if (!(standing.phase() instanceof Pending pending)) {
      return;
    }
    standing.unhindered();
    long now = world.nanoTime();
    if (entry.state() == InstanceState.PENDING) {
      long from = now + options.joinAfter().toNanos();
      standing.become(pending.waits(entry.tokens(), from, from + options.joinTimeout().toNanos()));
      timer = world.loop().after(options.joinAfter(), this::pollGate);
    } else {
      keep(entry.tokens());
      standing.become(pending.registered(entry.tokens(), now));
      onTokens.run();
    }
    onRegistered.run();
  }

  private void pollGate() {
    if (standing.phase() instanceof Waiting) {
      timer = world.loop().after(GATE_POLL, this::pollGate);
      tryToJoin();
    }
  }

  /** Heartbeats go on meanwhile (W30 in reference/ring-semantics.md). */
  void tryToJoin() {
    if (!(standing.phase() instanceof Waiting waiting)
        || writer.busy()
        || world.nanoTime() < waiting.joinFrom()) {
      return;
    }
    boolean inOrder = options.joinGate().canJoin(watcher.ring());
    if (!inOrder && world.nanoTime() < waiting.joinBy()) {
      return;
    }
    writer.write(
        ring -> own.put(ring, InstanceState.JOINING, own.completed(ring, waiting.claimed())),
        ring ->
            own.in(ring)
                .ifPresent(
                    entry -> {
                      if (standing.phase().equals(waiting)) {
                        if (!inOrder) {
                          journal.accept(
                              "joining",
                              "its turn had not come after "
                                  + options.joinTimeout()
                                  + ": joins regardless");
                        }
                        keep(entry.tokens());
                        standing.become(waiting.joined(entry.tokens(), world.nanoTime()));
                        onTokens.run();
                      }
                    }),
        failure -> {});
  }

  /**
   * An older life that is alive: of this node's instance id under another node, or under another
   * life of this one. Of two the later stays away (design.md section 6).
   */
  Optional<String> rival() {
    return watcher
        .desc()
        .instance(config.instanceId())
        .map(InstanceDesc::origin)
        .filter(other -> other.known() && other.life() < config.origin().life())
        .filter(other -> liveness.of(other.node(), other.life()).state() == Liveness.State.ALIVE)
        .map(
            other ->
                "instance %s is already registered by node %s, which is alive; give one of them another instance_id"
                    .formatted(config.instanceId(), other.node()));
  }

  private void keep(Tokens tokens) {
    own.remember(tokens);
    standing.save(tokens);
  }
}
