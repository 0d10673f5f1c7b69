package io.ringdaemon.gossip.sim;

import io.ringdaemon.lifecycle.Phase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long does it take until a change is known by all, and how much is said, in clusters of what
 * size? Whole nodes in virtual time, as in every {@link Scenario}; calm network, a message takes 1
 * ms and on average 8, heartbeats each 5 s. A change is an instance that turns read-only or back.
 * In a rolling restart one node after the other leaves and is started again a second later, and
 * changes are made meanwhile by others. Arguments: nodes, tokens an instance, changes, seed. {@code
 * scripts/soak --figures} runs it.
 *
 * <p>Bytes are those of our own messages, without frames and headers; the mesh's own are not
 * modelled.
 */
public final class Figures {
  private static final int FAN_OUT = 3;

  private final Simulation sim;
  private final List<String> names;
  private final Set<String> missing = new HashSet<>();
  private final Set<String> restarting = new HashSet<>();
  private String changed = "";
  private boolean on;

  private Figures(int nodes, int tokens, long seed) {
    sim = Simulation.of(seed).configured(SimConfig.DEFAULTS.tokens(tokens));
    names = sim.startAll(nodes);
    sim.runUntil(Duration.ofMinutes(2), "settled at first", sim::settled);
    names.forEach(this::watch);
    sim.runFor(Duration.ofSeconds(10));
  }

  public static void main(String[] args) {
    int nodes = Integer.parseInt(args[0]);
    int changes = Integer.parseInt(args[2]);
    Figures figures = new Figures(nodes, Integer.parseInt(args[1]), Long.parseLong(args[3]));
    System.out.printf(
        "%,d nodes of %s tokens; in theory log4 N + ln N / 3 = %.1f rounds of 200 ms: %.0f ms%n",
        nodes, args[1], rounds(nodes), 200 * rounds(nodes));
    figures.measure("idle", changes, false);
    figures.measure("rolling restart", changes, true);
    Runtime memory = Runtime.getRuntime();
    System.out.printf("  %,d MB%n", (memory.totalMemory() - memory.freeMemory()) / (1 << 20));
  }

  /** Until a push to three by each who knows has reached all (Pittel 1987, for three at once). */
  private static double rounds(int nodes) {
    return Math.log(nodes) / Math.log(1 + FAN_OUT) + Math.log(nodes) / FAN_OUT;
  }

  private void watch(String name) {
    SimNode node = sim.node(name);
    node.loop()
        .enter(
            () ->
                node.store()
                    .watch(
                        SimNode.RING,
                        ring -> {
                          if (missing.contains(name)
                              && ring.entry(changed)
                                  .filter(entry -> entry.readOnly().on() == on)
                                  .isPresent()) {
                            missing.remove(name);
                          }
                        }));
  }

  private void measure(String what, int changes, boolean restarts) {
    Said begun = new Said();
    if (restarts) {
      sim.at(Duration.ofMillis(1), () -> restart(0));
      sim.runFor(Duration.ofSeconds(5));
    } else {
      sim.runFor(Duration.ofSeconds(60)); // what is said when nothing happens
    }
    Said before = new Said();
    Histogram took = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    for (int i = 0; i < changes; i++) {
      took.recordValue(Math.max(1, change().toNanos()));
      sim.runFor(Duration.ofMillis(sim.chance().nextInt(600)));
    }
    Said after = new Said();
    Said said = restarts ? after : before;
    double by = (said.nanos - begun.nanos) / 1e9 * names.size();
    System.out.printf(
        "  %s: %,.0f bytes in %.1f messages a second and node%n",
        what, (said.bytes - begun.bytes) / by, (said.messages - begun.messages) / by);
    if (!restarts) {
      double share = (double) (after.nanos - before.nanos) / (before.nanos - begun.nanos);
      System.out.printf(
          "  a change costs %,.0f bytes in %.1f messages more%n",
          (after.bytes - before.bytes - share * (before.bytes - begun.bytes)) / changes,
          (after.messages - before.messages - share * (before.messages - begun.messages))
              / changes);
    }
    System.out.printf(
        "  %s: known by all, %d changes: p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
        what,
        changes,
        took.getValueAtPercentile(50) / 1e6,
        took.getValueAtPercentile(99) / 1e6,
        took.getMaxValue() / 1e6);
  }

  /** All that was said until now. */
  private final class Said {
    private final long nanos = sim.time().nanoTime();
    private final long bytes = sim.mesh().bytes();
    private final long messages = sim.mesh().messages();
  }

  /** Nodes that go or come meanwhile don't count. */
  private Duration change() {
    List<String> there = names.stream().filter(name -> !restarting.contains(name)).toList();
    changed = there.get(sim.chance().nextInt(there.size()));
    on = !sim.node(changed).view(changed).desc().readOnly().on();
    missing.addAll(there);
    sim.node(changed).readOnly(on);
    return sim.runUntil(Duration.ofMinutes(1), "all know", missing::isEmpty);
  }

  private void restart(int next) {
    String name = names.get(next % names.size());
    gone(name);
    sim.node(name).leave();
    sim.at(Duration.ofMillis(1_500), () -> back(name, next));
  }

  private void gone(String name) {
    restarting.add(name);
    missing.remove(name);
  }

  private void back(String name, int next) {
    if (sim.node(name).running()) {
      sim.at(Duration.ofMillis(100), () -> back(name, next));
      return;
    }
    sim.start(name);
    watch(name);
    sim.at(
        Duration.ofMillis(2_500),
        () -> {
          if (sim.node(name).phase() instanceof Phase.Active) {
            restarting.remove(name);
          }
          restart(next + 1);
        });
  }
}
