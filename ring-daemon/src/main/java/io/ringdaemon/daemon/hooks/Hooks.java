package io.ringdaemon.daemon.hooks;

import io.ringdaemon.daemon.config.HookConfig;
import io.ringdaemon.daemon.config.RingConfig;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does what the configuration says when this node's instance begins or ceases to lead a ring
 * ({@code on_leader_start}, {@code on_leader_stop}): one thing at a time, in the order {@link
 * HookQueue} says. When the lead ends while start hooks run they are cut short, so that the stop
 * hooks begin at once. What fails or takes too long is told, counted, and passed over.
 *
 * <p><b>Not promised</b>: that stop hooks run. A host that dies runs none, and a frozen one runs
 * them when it wakes up. A guarded resource checks LEADER_EPOCH.
 *
 * <p><b>Threading:</b> confined to the loop; hooks run in one thread of their own.
 */
public final class Hooks {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double NANOS = 1e9;

  private final World world;
  private final RingConfig.LeaderElection hooks;
  private final RingMember member;
  private final Metrics metrics;
  private final String ring;
  private final HookQueue queue = new HookQueue();
  private final HookRun runner = new HookRun();
  private final ExecutorService thread;
  private final AtomicLong leftOut = new AtomicLong();
  private final CompletableFuture<Void> parted = new CompletableFuture<>();
  private volatile @Nullable Thread worker;
  private boolean parting;

  /** For a member that takes part in the election of a ring with hooks. */
  public Hooks(World world, RingConfig.LeaderElection hooks, RingMember member, Metrics metrics) {
    this.world = world;
    this.hooks = hooks;
    this.member = member;
    this.metrics = metrics;
    this.ring = member.ring().name();
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "hooks-" + ring);
              made.setDaemon(true);
              worker = made;
              return made;
            });
    metrics.gauge(
        "ring_daemon_hooks_left_out",
        "Leaderships that were over before their start hooks began",
        leftOut::doubleValue,
        "ring",
        ring);
    member.listen(this::look);
  }

  private void look() {
    Leadership leadership = member.leadership().orElseThrow();
    long now = world.nanoTime();
    long epoch =
        leadership.selfLeads(now)
            ? leadership.leaderAt(now).map(Leadership.Leader::epoch).orElse(0L)
            : 0;
    if (queue.leads(epoch)) {
      cutShort();
    }
    leftOut.set(queue.leftOut());
    next();
  }

  private void next() {
    queue.next().ifPresent(run -> thread.execute(() -> doAll(run)));
    if (parting && queue.idle()) {
      parted.complete(null);
    }
  }

  private void cutShort() {
    Thread now = worker;
    if (now != null) {
      now.interrupt();
    }
  }

  /** In the thread of the hooks. */
  private void doAll(HookQueue.Run run) {
    try {
      for (HookConfig hook : run.start() ? hooks.onLeaderStart() : hooks.onLeaderStop()) {
        long began = world.nanoTime();
        Result result = runner.run(hook, environment(run), body(run));
        long took = world.nanoTime() - began;
        world.loop().execute(() -> tell(run, hook, result, took));
        if (result.kind() == Result.Kind.CUT_SHORT) {
          break;
        }
      }
    } finally {
      world
          .loop()
          .execute(
              () -> {
                queue.done();
                next();
              });
    }
  }

  private Map<String, String> environment(HookQueue.Run run) {
    return Map.of(
        "LEADER_EPOCH",
        Long.toString(run.epoch()),
        "LEADER_ID",
        member.config().selfId(),
        "LEADER_EVENT",
        run.start() ? "start" : "stop",
        "RING",
        ring);
  }

  private String body(HookQueue.Run run) {
    return JSON.createObjectNode()
        .put("event", run.start() ? "leader_start" : "leader_stop")
        .put("ring", ring)
        .put("leaderId", member.config().selfId())
        .put("epoch", run.epoch())
        .put("time", world.now().toString())
        .toString();
  }

  private void tell(HookQueue.Run run, HookConfig hook, Result result, long tookNanos) {
    metrics
        .counter(
            "ring_daemon_hooks_total",
            "Hooks run, by what became of them",
            "ring",
            ring,
            "hook",
            run.option(),
            "result",
            result.kind().word)
        .increment();
    metrics
        .latency(
            "ring_daemon_hook_duration_seconds",
            "Time hooks took",
            "ring",
            ring,
            "hook",
            run.option())
        .record(tookNanos);
    member.note(
        result.ok() ? "hook" : "hook-failed",
        "%s %s: %s in %.2f s, epoch %d%s"
            .formatted(
                run.option(),
                hook.name(),
                result.kind().word,
                tookNanos / NANOS,
                run.epoch(),
                result.detail().isEmpty() ? "" : ": " + result.detail()));
  }

  /**
   * This node leaves: completes when the hooks due have run. After {@code limit} what still runs is
   * cut short.
   */
  public CompletionStage<Void> part(Duration limit) {
    parting = true;
    world.loop().execute(this::look);
    world.loop().after(limit, this::cutShort);
    return parted;
  }

  /** Whether {@code config} has any. */
  public static boolean wanted(RingConfig.LeaderElection config) {
    return config.enabled()
        && !(config.onLeaderStart().isEmpty() && config.onLeaderStop().isEmpty());
  }
}
