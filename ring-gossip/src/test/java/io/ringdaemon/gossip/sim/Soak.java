package io.ringdaemon.gossip.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** {@code scripts/soak} without {@code --real}. */
public final class Soak {
  private static final int ROUND = 50;

  private List<Scenario> scenarios = Scenarios.all();
  private int nodes;
  private long first;
  private long last = Long.MAX_VALUE;
  private long deadline = Long.MAX_VALUE;

  private Soak() {}

  public static void main(String[] args) throws InterruptedException {
    Soak soak = new Soak();
    if (List.of(args).equals(List.of("--scenario", "list"))) {
      Scenarios.all().forEach(one -> System.out.println(one + ", " + one.nodes() + " nodes"));
      return;
    }
    try {
      soak.parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println("soak: " + wrong.getMessage());
      System.exit(2);
    }
    System.exit(soak.run() ? 0 : 1);
  }

  private void parse(String[] args) {
    first = System.currentTimeMillis() / 1000 * 1000; // other seeds than yesterday's
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " wants a value");
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--scenario" -> scenarios = List.of(Scenarios.named(value));
        case "--nodes" -> nodes = Integer.parseInt(value);
        case "--minutes" ->
            deadline = System.nanoTime() + Duration.ofMinutes(Long.parseLong(value)).toNanos();
        case "--seeds" -> seeds(value);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
  }

  private void seeds(String value) {
    if (value.equals("endless")) {
      return;
    }
    String[] bounds = value.split("\\.\\.", -1);
    if (bounds.length != 2) {
      throw new IllegalArgumentException("--seeds wants A..B or endless, not " + value);
    }
    first = Long.parseLong(bounds[0]);
    last = Long.parseLong(bounds[1]);
  }

  /** A round of seeds of each scenario, again and again. Whether all went well. */
  private boolean run() throws InterruptedException {
    long from = first;
    while (from <= last && System.nanoTime() < deadline) {
      long to = last - from < ROUND ? last : from + ROUND - 1;
      for (Scenario scenario : scenarios) {
        long began = System.nanoTime();
        Duration worked = worked();
        AtomicLong done = new AtomicLong();
        int count = nodes > 0 ? nodes : scenario.nodes();
        Optional<Throwable> failure =
            Seeds.run(scenario, count, from, to, deadline, seed -> done.incrementAndGet());
        if (failure.isPresent()) {
          System.out.println("FAILED " + scenario + ", " + count + " nodes");
          failure.get().printStackTrace(System.out);
          return false;
        }
        System.out.printf(
            "%-28s %5d nodes, seeds %d..%d: %d passed, %.1f s, %.1f s of work%n",
            scenario,
            count,
            from,
            to,
            done.get(),
            (System.nanoTime() - began) / 1e9,
            worked().minus(worked).toMillis() / 1e3);
      }
      from = to + 1;
    }
    return true;
  }

  /** Of all processors together: other programs don't count. */
  private static Duration worked() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
