package io.ringdaemon.election;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an election looks at, from a line of text: {@code "a:10 b:20? c:30! d:40~"}: an instance's
 * token, and whether it is suspected (?), dead (!), failing its check (%) or LEAVING (~). The n-th
 * registered at n.
 */
final class Seen {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Seen() {}

  static Ring ring(String text) {
    List<String> words =
        Arrays.stream(text.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
    List<Instance> instances =
        words.stream()
            .map(word -> instance(word, 1 + words.indexOf(word)))
            .sorted(Comparator.comparing(Instance::id))
            .toList();
    return Ring.of(new RingOptions("test", 3, false, Duration.ofMinutes(1)), "0", START, instances);
  }

  private static Instance instance(String word, long registered) {
    String id = word.substring(0, word.indexOf(':'));
    long token = Long.parseLong(word.substring(word.indexOf(':') + 1).replaceAll("\\D", ""));
    InstanceDesc desc =
        InstanceDesc.of(id, id + ":80", "")
            .withState(word.endsWith("~") ? InstanceState.LEAVING : InstanceState.ACTIVE)
            .withTokens(Tokens.of(token))
            .withRegistered(registered)
            .withVersions(Map.of(InstanceDesc.RING_DAEMON, 1L))
            .withOrigin(new Origin(id, 1, ""))
            .withTimestamp(1, 0);
    return new Instance(desc, desc.tokens(), health(word), START, false);
  }

  private static Health health(String word) {
    return switch (word.charAt(word.length() - 1)) {
      case '?' -> new Health(true, Optional.of(Health.Reason.SUSPECTED), START, "silent");
      case '!' -> new Health(false, Optional.of(Health.Reason.DEAD), START, "dead");
      case '%' -> new Health(false, Optional.of(Health.Reason.CHECK), START, "check fails");
      default -> new Health(true, Optional.empty(), START, "");
    };
  }
}
