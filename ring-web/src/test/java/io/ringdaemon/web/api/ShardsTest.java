package io.ringdaemon.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.shard.Lookback;
import io.ringdaemon.shard.ShuffleShard;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Response;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards and token ranges over HTTP are those of ring-core. */
final class ShardsTest {
  private static final String SHARD = "/api/v1/rings/default/shuffle-shard";
  private final Ring ring = Views.ring("default", 3, Views.many("i", 30, 16));
  private final Site site = new Site(new FakeService().with(ring, "i-0001"));

  private static String ids(List<Instance> instances) {
    return instances.stream()
        .map(one -> "{\"id\":\"" + one.id() + "\",\"addr\":\"" + one.desc().addr())
        .collect(Collectors.joining("\",\"zone\":\"\",\"state\":\"ACTIVE\"},"));
  }

  @Test
  void shardIsTheOneThatTheLibraryPicks() {
    Response response = site.get(SHARD + "?identifier=tenant%2F1&size=4");

    assertThat(response.body())
        .startsWith(
            "{\"ring\":\"default\",\"identifier\":\"tenant/1\",\"size\":4,\"instances\":["
                + ids(ShuffleShard.of(ring).pick("tenant/1", 4).instances()));
  }

  @Test
  void lookbackReachesAsFarAsTheLibrarys() {
    Lookback period = new Lookback(Duration.ofMinutes(90), Views.NOW);

    assertThat(site.get(SHARD + "?identifier=t&size=4&lookback=1h30m").body())
        .contains(ids(ShuffleShard.of(ring).pick("t", 4, period).instances()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?identifier=&size=1",
        "?identifier=t",
        "?identifier=t&size=-1",
        "?identifier=t&size=2&lookback=",
        "?identifier=t&size=2&lookback=1",
        "?identifier=t&size=2&lookback=1h x",
        "?identifier=t&size=2&lookback=0s",
        "?identifier=t&size=2&lookback=999999999h"
      })
  void malformedQuestionsAreRefused(String query) {
    assertThat(site.get(SHARD + query.replace(" ", "%20")).status()).isEqualTo(400);
  }

  @Test
  void rangesOfARingWithoutZonesAreAConflictWithItsOptions() {
    Response response = site.get("/api/v1/rings/default/token-ranges/i-0001");

    assertThat(response.status()).isEqualTo(409);
    assertThat(response.body()).contains("\"/problems/no-token-ranges\"");
    assertThat(site.get("/api/v1/rings/default/token-ranges/x").status()).isEqualTo(404);
  }
}
