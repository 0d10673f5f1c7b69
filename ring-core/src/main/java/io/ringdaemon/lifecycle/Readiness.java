package io.ringdaemon.lifecycle;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether an instance may be told ready: it is ACTIVE with tokens, the ring is in order, and that
 * has lasted a while (reference/ring-semantics.md 2.2, {@code CheckReady}). Once ready it stays so:
 * readiness serves rolling starts, it is no health check.
 *
 * <p><b>Threading:</b> confined to the loop; {@link #ready} and {@link #obstacle} may be read from
 * anywhere. <b>Time:</b> injected; one timer.
 *
 * <p><b>Differs</b> from dskit: it is worked out when the ring changes, not when somebody asks, so
 * the time that must pass doesn't depend on when that was. Healthy is what {@code Health} says,
 * more than a fresh heartbeat.
 */
public final class Readiness {
  /**
   * When an instance is ready.
   *
   * @param minReady how long all must have been in order without a break
   * @param ringHealth whether every instance of the ring must be ACTIVE and healthy, not this one
   *     alone
   */
  public record Config(Duration minReady, boolean ringHealth) {
    /** As in dskit. */
    public static final Config DEFAULTS = new Config(Duration.ofSeconds(15), true);

    public Config {
      LifecycleOptions.notNegative("min_ready_duration", minReady);
    }
  }

  private final World world;
  private final Config config;
  private final String instanceId;
  private final Supplier<Phase> phase;
  private final Supplier<Ring> ring;
  private Loop.@Nullable Timer latch;
  private volatile boolean ready;
  private volatile String obstacle = "not started";

  Readiness(
      World world, Config config, String instanceId, Supplier<Phase> phase, Supplier<Ring> ring) {
    this.world = world;
    this.config = config;
    this.instanceId = instanceId;
    this.phase = phase;
    this.ring = ring;
  }

  /** Once true it stays so. Any thread. */
  public boolean ready() {
    return ready;
  }

  /** Why it isn't ready, in words; empty once it is. Any thread. */
  public String obstacle() {
    return obstacle;
  }

  /** To be called when the ring or the phase has changed. */
  void check() {
    if (ready) {
      return;
    }
    Optional<String> wrong = wrong(phase.get(), ring.get());
    if (wrong.isPresent()) {
      obstacle = wrong.get();
      if (latch != null) {
        latch.cancel();
        latch = null;
      }
    } else if (latch == null) {
      obstacle = "all is in order, but not for %s yet".formatted(config.minReady());
      latch = world.loop().after(config.minReady(), this::latched);
    }
  }

  private void latched() {
    if (wrong(phase.get(), ring.get()).isEmpty()) {
      ready = true;
      obstacle = "";
    } else {
      check();
    }
  }

  private Optional<String> wrong(Phase at, Ring view) {
    if (at.claimed().isEmpty()) {
      return Optional.of("instance %s has no tokens".formatted(instanceId));
    }
    if (!(at instanceof Phase.Active)) {
      return Optional.of("instance %s is %s".formatted(instanceId, at.state()));
    }
    Optional<Instance> own = view.instance(instanceId);
    if (own.isEmpty() || view.tokenCount() == 0) {
      return Optional.of("instance %s is not in the ring".formatted(instanceId));
    }
    return view.instances().stream()
        .filter(one -> config.ringHealth() || one.id().equals(instanceId))
        .filter(one -> one.state() != InstanceState.ACTIVE || !one.health().healthy())
        .findFirst()
        .map(
            one ->
                "instance %s is %s and %s".formatted(one.id(), one.state(), one.health().word()));
  }
}
