package io.ringdaemon.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.token.Tokens;
import io.ringdaemon.web.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever instances call themselves, pages, JSON and metrics stay what they are. */
final class HostileTextTest {
  private static final Pattern TAG =
      Pattern.compile(
          "<(!DOCTYPE html|/[a-z0-9]+|[a-zA-Z0-9]+(\\s+[a-zA-Z:-]+(=\"[^\"]*+\")?+)*+\\s*/?)>");
  private static final List<String> NAMES =
      List.of(
          "<script>alert(1)</script>",
          "\"><img src=x onerror=alert(1)>",
          "' onmouseover='alert(1)",
          "a\u0000b\u001b[31m\r\nforged_metric 1\n",
          "\u202egpj.exe",
          "</bdi></title><h1>x",
          "${7*7} {{x}} &amp;",
          "\u05d0\u05d1\u05d2",
          "k".repeat(10_240));
  private final FakeService service = new FakeService();
  private final Site site;

  HostileTextTest() {
    List<Instance> all = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      String health = i % 2 == 0 ? "dead" : "healthy";
      String zone = i % 3 == 0 ? NAMES.get(i) : "";
      all.add(Views.instance(NAMES.get(i), InstanceState.ACTIVE, Tokens.of(10 + i), zone, health));
    }
    service.with(Views.ring("default", 3, all), NAMES.get(1));
    List<RingStatus.Event> events =
        NAMES.stream()
            .map(name -> new RingStatus.Event(Views.NOW, "forgotten", name, "forgotten by " + name))
            .toList();
    RingStatus status = service.rings().get(0);
    service.put(status.ring(), status.leadership(), events, NAMES.get(0));
    for (String name : NAMES) {
      service.members.add(
          new MemberStatus(
              name, Views.NOW, name, "dead", name, Views.NOW, Views.NOW, name, name, false));
      service.keys.add(new KeyStatus(name, "ring", 1, 1, 1, 0, Views.NOW, false));
    }
    service.alerts.add(NAMES.get(0));
    site = new Site(service);
  }

  private static String escaped(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Every angle bracket is one of a tag of ours, no tag has a handler for an event, and what is
   * shown has no control characters; an id in a form must stay what it is.
   */
  private static void harmless(Response page) {
    String html = page.body();
    if (page.headers().getOrDefault("Content-Type", "").startsWith("text/html")) {
      assertThat(TAG.matcher(html).replaceAll(""))
          .doesNotContain("<")
          .doesNotContain("\u0000")
          .doesNotContain("\u001b");
      TAG.matcher(html)
          .results()
          .map(tag -> tag.group().replaceAll("\"[^\"]*\"", ""))
          .forEach(tag -> assertThat(tag).doesNotContain(" on"));
      assertThat(html).doesNotContain("<script>").doesNotContain("<img");
    }
    page.headers().values().forEach(value -> assertThat(value).doesNotContain("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/ring", "/ring?q=%3Cscript%3Ealert(1)%3C/script%3E", "/memberlist", "/api"})
  void pagesEscape(String path) {
    Response page = site.page(path);

    assertThat(page.status()).isEqualTo(200);
    harmless(page);
  }

  @Test
  void questionsAndErrorsEscape() {
    for (String name : NAMES) {
      harmless(site.page("/ring?confirm=" + escaped(name)));
      harmless(site.page("/ring?key=" + escaped(name)));
      harmless(site.page("/memberlist?deleteKey=" + escaped(name)));
      harmless(site.page("/" + escaped(name) + "/ring"));
      harmless(site.page("/memberlist?viewMsg=" + escaped(name)));
      harmless(site.form("/ring", "forget", name + "?"));
      harmless(site.form("/ring", "forget", name, "typed", "<script>alert(2)</script>"));
    }
  }

  @Test
  void jsonKeepsEachNameToTheLastCharacter() {
    JsonMapper json = JsonMapper.builder().build();
    List<String> ids = new ArrayList<>();
    JsonNode ring = json.readTree(site.get("/api/v1/rings/default").body());
    ring.path("instances").forEach(one -> ids.add(one.path("id").asString("")));
    assertThat(ids).containsExactlyInAnyOrderElementsOf(NAMES);
    for (String path :
        List.of("/api/v1/rings", "/api/v1/members", "/api/v1/rings/default/events", "/leader")) {
      assertThat(json.readTree(site.get(path).body()).isObject()).as(path).isTrue();
    }
    String dskit = Site.text(site.ask("GET", "/ring", Map.of("accept", "application/json"), ""));
    assertThat(json.readTree(dskit).path("shards").size()).isEqualTo(NAMES.size());
    assertThat(dskit).doesNotContain("<");
    for (String name : NAMES) {
      Response one = site.get("/api/v1/rings/default/instances/" + escaped(name));
      assertThat(json.readTree(one.body()).path("id").asString("")).isEqualTo(name);
    }
  }

  @Test
  void metricsStayLinesOfMetrics() {
    assertThat(site.get("/metrics").body().split("\n")) // a carriage return ends no line there
        .allMatch(line -> line.startsWith("#") || line.matches("(?s)[a-z_0-9]+(\\{.*\\})? [^ ]+"))
        .noneMatch(line -> line.startsWith("forged_metric"));
  }
}
