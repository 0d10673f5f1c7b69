package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A ring from a line of text: {@code "a@zone-1:ACTIVE:10,20 b:LEAVING!:30"}; a {@code !} after the
 * state makes the instance unhealthy.
 */
public final class Rings {
  private Rings() {}

  public static Ring of(String text, int replicationFactor, boolean zoneAware) {
    List<Instance> instances = new ArrayList<>();
    for (String one : text.split(" ", -1)) {
      instances.add(instance(one));
    }
    instances.sort(Comparator.comparing(Instance::id));
    RingOptions options =
        new RingOptions("test", replicationFactor, zoneAware, Duration.ofMinutes(1));
    return Ring.of(options, "0", Instant.EPOCH, instances);
  }

  private static Instance instance(String text) {
    String[] parts = text.split(":", -1);
    String[] name = parts[0].split("@", -1);
    boolean healthy = !parts[1].endsWith("!");
    long[] tokens =
        parts[2].isEmpty()
            ? new long[0]
            : Arrays.stream(parts[2].split(",", -1)).mapToLong(Long::parseLong).toArray();
    InstanceDesc desc =
        InstanceDesc.of(name[0], name[0] + ":80", name.length > 1 ? name[1] : "")
            .withState(InstanceState.valueOf(parts[1].replace("!", "")))
            .withTokens(Tokens.of(tokens))
            .withTimestamp(1, 0);
    Health health =
        healthy
            ? new Health(true, Optional.empty(), Instant.EPOCH, "")
            : new Health(false, Optional.of(Health.Reason.HEARTBEAT), Instant.EPOCH, "test");
    return new Instance(desc, desc.tokens(), health, Instant.EPOCH, false);
  }
}
