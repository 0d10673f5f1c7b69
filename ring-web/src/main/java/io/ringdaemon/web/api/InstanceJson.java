package io.ringdaemon.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instance in the ring shape.
 *
 * @param reason heartbeat, suspected, dead or check; null when well
 * @param heartbeat time of the last one; null before the first
 * @param tokens null unless asked for
 */
record InstanceJson(
    String id,
    String addr,
    String zone,
    String state,
    boolean healthy,
    @Nullable String reason,
    boolean readOnly,
    @Nullable String registered,
    @Nullable String heartbeat,
    int tokenCount,
    String stateSince,
    String healthSince,
    String detail,
    boolean clockOff,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Long> tokens) {

  static InstanceJson of(Instance instance, boolean withTokens) {
    Health health = instance.health();
    return new InstanceJson(
        instance.id(),
        instance.desc().addr(),
        instance.zone(),
        instance.state().name(),
        health.healthy(),
        health.reason().map(Health.Reason::word).orElse(null),
        instance.desc().readOnly().on(),
        seconds(instance.desc().registered()),
        seconds(instance.desc().timestamp()),
        instance.owned().size(),
        Json.time(instance.stateSince()),
        Json.time(health.since()),
        health.detail(),
        instance.clockOff(),
        withTokens ? instance.owned().longs().boxed().toList() : null);
  }

  private static @Nullable String seconds(long unix) {
    return unix == 0 ? null : Json.time(Instant.ofEpochSecond(unix));
  }
}
