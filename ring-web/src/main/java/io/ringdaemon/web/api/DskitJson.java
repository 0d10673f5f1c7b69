package io.ringdaemon.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The JSON of dskit's ring page (reference/ring-semantics.md 8.1), oddities included. */
final class DskitJson {
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private record Shard(
      String id,
      String state,
      String address,
      String timestamp,
      @JsonProperty("registered_timestamp") String registered,
      @JsonProperty("read_only") boolean readOnly,
      @JsonProperty("read_only_updated_timestamp") String readOnlyUpdated,
      String zone,
      @Nullable List<Long> tokens,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<Long, Long> versions) {}

  private record Page(@Nullable List<Shard> shards, String now) {}

  private DskitJson() {}

  /** An empty ring's shards are null, as a nil slice of Go is; Go's encoder also escapes HTML. */
  static String of(Ring ring, Instant now, boolean withTokens) {
    List<Shard> shards =
        ring.instances().stream().map(instance -> shard(instance, withTokens)).toList();
    String json = Json.write(new Page(shards.isEmpty() ? null : shards, now.toString()));
    return json.replace("<", "\\u003c")
            .replace(">", "\\u003e")
            .replace("&", "\\u0026")
            .replace("\u2028", "\\u2028")
            .replace("\u2029", "\\u2029")
        + "\n";
  }

  private static Shard shard(Instance instance, boolean withTokens) {
    InstanceDesc desc = instance.desc();
    boolean tokens = withTokens && !instance.owned().isEmpty();
    return new Shard(
        desc.id(),
        instance.health().healthy() ? desc.state().name() : "UNHEALTHY",
        desc.addr(),
        Instant.ofEpochSecond(desc.timestamp()).toString(),
        orNever(desc.registered()),
        desc.readOnly().on(),
        orNever(desc.readOnly().updated()),
        desc.zone(),
        tokens ? instance.owned().longs().boxed().toList() : null,
        desc.versions());
  }

  private static String orNever(long unix) {
    return unix == 0 ? NEVER : Instant.ofEpochSecond(unix).toString();
  }
}
