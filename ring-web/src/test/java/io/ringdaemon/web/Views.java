package io.ringdaemon.web;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.model.TokenConflicts;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Views of rings from a line of text: {@code "a:ACTIVE:10,20 b:LEAVING:30:zone-b
 * c:ACTIVE:40::dead"}. Each instance is id:state:tokens:zone:health; health is healthy, dead,
 * heartbeat, check, suspected or ahead. Everybody's heartbeat is 4 s old, a sick one's 61 s.
 */
public final class Views {
  public static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

  private Views() {}

  public static Ring ring(String line) {
    return ring("default", 3, line);
  }

  public static Ring ring(String name, int replicationFactor, String line) {
    return ring(name, replicationFactor, instances(line));
  }

  public static Ring ring(String name, int replicationFactor, List<Instance> instances) {
    List<Instance> sorted = new ArrayList<>(instances);
    sorted.sort((some, other) -> some.id().compareTo(other.id()));
    List<InstanceDesc> entries = sorted.stream().map(Instance::desc).toList();
    Map<String, Tokens> owned = new HashMap<>(TokenConflicts.owned(entries));
    RingOptions options = new RingOptions(name, replicationFactor, false, Duration.ofMinutes(1));
    return Ring.of(
        options,
        RingDesc.of(entries).version(),
        NOW,
        sorted.stream()
            .map(
                one ->
                    new Instance(
                        one.desc(),
                        owned.getOrDefault(one.id(), Tokens.NONE),
                        one.health(),
                        one.stateSince(),
                        one.clockOff()))
            .toList());
  }

  public static List<Instance> instances(String line) {
    return Arrays.stream(line.split(" "))
        .filter(word -> !word.isEmpty())
        .map(Views::instance)
        .toList();
  }

  private static Instance instance(String word) {
    String[] parts = word.split(":", -1);
    String tokens = parts.length > 2 ? parts[2] : "";
    return instance(
        parts[0],
        InstanceState.valueOf(parts[1]),
        tokens.isEmpty()
            ? Tokens.NONE
            : Tokens.of(Arrays.stream(tokens.split(",")).mapToLong(Long::parseLong).toArray()),
        parts.length > 3 ? parts[3] : "",
        parts.length > 4 ? parts[4] : "healthy");
  }

  public static Instance instance(
      String id, InstanceState state, Tokens tokens, String zone, String health) {
    boolean late = health.equals("heartbeat") || health.equals("dead");
    Duration age =
        health.equals("ahead")
            ? Duration.ofMinutes(-2)
            : late ? Duration.ofSeconds(61) : Duration.ofSeconds(4);
    InstanceDesc desc =
        InstanceDesc.of(id, "10.0.0." + (1 + (id.hashCode() & 127)) + ":9095", zone)
            .withState(state)
            .withTokens(tokens)
            .withTimestamp(NOW.minus(age).getEpochSecond(), 1)
            .withRegistered(NOW.minus(Duration.ofHours(3)).getEpochSecond())
            .withVersions(Map.of(InstanceDesc.RING_DAEMON, 1L));
    Instant since = NOW.minus(Duration.ofMinutes(3));
    return new Instance(desc, tokens, health(health, since), since, health.equals("ahead"));
  }

  private static Health health(String word, Instant since) {
    return switch (word) {
      case "dead" -> ill(false, Health.Reason.DEAD, since, "its node stopped answering");
      case "heartbeat" ->
          ill(false, Health.Reason.HEARTBEAT, since, "no heartbeat for longer than 60 s");
      case "check" -> ill(false, Health.Reason.CHECK, since, "its check fails: disk full");
      case "suspected" -> ill(true, Health.Reason.SUSPECTED, since, "its node does not answer");
      default -> new Health(true, Optional.empty(), since, "");
    };
  }

  private static Health ill(boolean healthy, Health.Reason reason, Instant since, String detail) {
    return new Health(healthy, Optional.of(reason), since, detail);
  }

  /** {@code count} healthy instances {@code prefix-0001}, each with random tokens. */
  public static List<Instance> many(String prefix, int count, int tokens, String... zones) {
    SplittableRandom chance = new SplittableRandom(7);
    List<Instance> many = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      many.add(
          instance(
              prefix + "-%04d".formatted(i),
              InstanceState.ACTIVE,
              Tokens.ofInts(chance.ints(tokens)),
              zones.length == 0 ? "" : zones[i % zones.length],
              "healthy"));
    }
    return many;
  }
}
