package io.ringdaemon.daemon.checks;

import io.ringdaemon.daemon.config.CheckConfig;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.World;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The health checks of the application behind one ring's instance: while one fails the instance is
 * unhealthy in the ring, with the reason, and doesn't lead.
 *
 * <p><b>Threading:</b> confined to the loop.
 */
public final class Checks {
  private static final int LONGEST = 240;

  private final RingMember member;
  private final List<Check> checks;

  public Checks(World world, List<CheckConfig> configs, RingMember member, Metrics metrics) {
    this.member = member;
    this.checks = configs.stream().map(config -> check(world, config, metrics)).toList();
  }

  /** Begins; until its checks passed the instance counts as failing them. */
  public void start() {
    tell();
    checks.forEach(Check::start);
  }

  private Check check(World world, CheckConfig config, Metrics metrics) {
    String ring = member.ring().name();
    Map<String, String> environment = Map.of("RING", ring, "INSTANCE_ID", member.config().selfId());
    Check.Rule rule =
        new Check.Rule(
            config.name(),
            config.interval(),
            config.timeout(),
            config.threshold(),
            config.successes(),
            Probes.of(config, environment));
    Check check =
        new Check(world, rule, answer -> count(metrics, ring, config.name(), answer), this::tell);
    metrics.gauge(
        "ring_daemon_check_passing",
        "1 while the check passes, else 0",
        () -> check.failing().isEmpty() ? 1 : 0,
        "ring",
        ring,
        "check",
        config.name());
    return check;
  }

  private static void count(Metrics metrics, String ring, String name, Check.Answer answer) {
    String result = answer.wrong().isEmpty() ? "pass" : answer.timedOut() ? "timeout" : "fail";
    metrics
        .counter(
            "ring_daemon_checks_total",
            "Questions to the application, by answer",
            "ring",
            ring,
            "check",
            name,
            "result",
            result)
        .increment();
    metrics
        .latency(
            "ring_daemon_check_duration_seconds",
            "Time the application took to answer",
            "ring",
            ring,
            "check",
            name)
        .record(answer.nanos());
  }

  private void tell() {
    String failing =
        checks.stream()
            .filter(check -> !check.failing().isEmpty())
            .map(check -> check.name() + ": " + check.failing())
            .collect(Collectors.joining("; "));
    member.failingCheck(
        failing.length() <= LONGEST ? failing : failing.substring(0, LONGEST) + "…");
  }
}
