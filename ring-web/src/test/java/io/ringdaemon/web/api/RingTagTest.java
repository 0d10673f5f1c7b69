package io.ringdaemon.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who has seen the present state is told so, and nobody misses a death. */
final class RingTagTest {
  private static final String PATH = "/api/v1/rings/default";
  private final FakeService service = new FakeService();
  private final Site site = new Site(service);

  private String tag(String line, String leader) {
    service.with(Views.ring("default", 3, line), leader);
    return site.get(PATH).headers().getOrDefault("ETag", "");
  }

  @Test
  void whoeverHasTheTagIsAnswered304WithoutABody() {
    String tag = tag("a:ACTIVE:10 b:ACTIVE:20", "a");
    Response same = site.ask("GET", PATH, Map.of("if-none-match", "\"x\", W/" + tag), "");
    Response other = site.ask("GET", PATH, Map.of("if-none-match", "\"x\""), "");

    assertThat(tag).isEqualTo('"' + service.rings().get(0).ring().version() + '"');
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.headers()).containsEntry("ETag", tag).containsKey("X-Ring-Index");
    assertThat(other.status()).isEqualTo(200);
  }

  @Test
  void deathAndAnotherLeaderChangeTheTagAlthoughNoEntryChanged() {
    String well = tag("a:ACTIVE:10 b:ACTIVE:20", "a");
    String dead = tag("a:ACTIVE:10 b:ACTIVE:20::dead", "a");
    String led = tag("a:ACTIVE:10 b:ACTIVE:20", "b");
    String nobody = tag("a:ACTIVE:10 b:ACTIVE:20", "");

    assertThat(java.util.Set.of(well, dead, led, nobody)).hasSize(4);
    assertThat(tag("a:ACTIVE:10 b:ACTIVE:20::dead", "a")).isEqualTo(dead);
  }

  @Test
  void tagOfASickRingIsGoodForIfMatch() {
    String tag = tag("a:ACTIVE:10 b:ACTIVE:20::dead", "a");

    assertThat(site.ask("DELETE", PATH + "/instances/b", Map.of("if-match", tag), "").status())
        .isEqualTo(204);
  }
}
