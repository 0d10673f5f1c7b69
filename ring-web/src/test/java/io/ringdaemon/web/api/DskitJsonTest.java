package io.ringdaemon.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.token.Tokens;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** reference/ring-semantics.md 8.1. */
final class DskitJsonTest {
  private static final Map<String, String> JSON = Map.of("accept", "application/json");

  private static Instance instance(InstanceDesc desc) {
    Health health = new Health(true, Optional.empty(), Views.NOW, "");
    return new Instance(desc, desc.tokens(), health, Views.NOW, false);
  }

  @Test
  void shardHasDskitsFieldsInDskitsOrder() {
    InstanceDesc desc =
        InstanceDesc.of("i-1", "10.0.0.1:9095", "zone-a")
            .withState(InstanceState.ACTIVE)
            .withTimestamp(1_700_000_000, 1)
            .withRegistered(1_699_999_000)
            .withTokens(Tokens.of(5, 300))
            .withVersions(Map.of(1L, 2L));

    assertThat(text(Views.ring("r", 1, List.of(instance(desc)))))
        .isEqualTo(
            """
            {"shards":[{"id":"i-1","state":"ACTIVE","address":"10.0.0.1:9095",\
            "timestamp":"2023-11-14T22:13:20Z","registered_timestamp":"2023-11-14T21:56:40Z",\
            "read_only":false,"read_only_updated_timestamp":"0001-01-01T00:00:00Z",\
            "zone":"zone-a","tokens":[5,300],"versions":{"1":2}}],\
            "now":"2026-08-21T10:00:00.123456789Z"}
            """);
  }

  @Test
  void whatIsUnknownIsYearOneButAMissingHeartbeatIs1970() {
    String json =
        text(
            Views.ring(
                "r", 1, List.of(instance(InstanceDesc.of("<&>\u2028\u2029\u001b\u00e9", "", "")))));

    assertThat(json)
        .contains("\"id\":\"\\u003c\\u0026\\u003e\\u2028\\u2029\\u001b\u00e9\"")
        .contains("\"timestamp\":\"1970-01-01T00:00:00Z\"")
        .contains("\"registered_timestamp\":\"0001-01-01T00:00:00Z\"")
        .contains("\"tokens\":null")
        .doesNotContain("versions");
  }

  @Test
  void emptyRingHasNullShards() {
    assertThat(text(Views.ring(""))).startsWith("{\"shards\":null,\"now\":");
  }

  @Test
  void pageServesItToWhoeverAcceptsJsonWithTokensUnlessRefused() {
    Site site = new Site(new FakeService().with(Views.ring("a:ACTIVE:10 b:ACTIVE:20::heartbeat")));

    assertThat(Site.text(site.ask("GET", "/ring", JSON, "")))
        .contains("\"tokens\":[10]")
        .contains("\"state\":\"UNHEALTHY\"");
    assertThat(Site.text(site.ask("GET", "/default/ring?tokens=false", JSON, "")))
        .contains("\"tokens\":null");
  }

  private static String text(Ring ring) {
    return Site.text(new DskitJson(ring, Instant.parse("2026-08-21T10:00:00.123456789Z"), true));
  }
}
