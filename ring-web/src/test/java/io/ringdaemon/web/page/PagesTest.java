package io.ringdaemon.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.token.Tokens;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.MessageStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PagesTest {
  private static final String LINE =
      "a:ACTIVE:1000000000 b:ACTIVE:2000000000 c:ACTIVE:4000000000::dead";

  private static Site site(String line) {
    return new Site(new FakeService().with(Views.ring(line), "a"));
  }

  @Test
  void titleCarriesTheAlarm() {
    assertThat(site(LINE).page("/ring").body())
        .contains("<title>(1 dead) default ring · ring-1</title>");
    assertThat(site(LINE).page("/").body()).contains("<title>(1 dead) Overview · ring-1</title>");
  }

  @Test
  void verdictComesBeforeLeaderBeforeKeyBeforeWhatNeedsActionBeforeTheTable() {
    String page = site(LINE).page("/ring").body();

    assertThat(page)
        .containsSubsequence(
            "c has been dead since", "epoch 7", "Who owns a key?", "Needs attention", "<table>");
    assertThat(page).contains("As seen by").contains("2026-11-21 09:00:00 UTC");
  }

  @Test
  void stateAndHealthStandApartAndHeartbeatNamesItsLimit() {
    assertThat(site(LINE).page("/ring").body())
        .containsSubsequence("ACTIVE</b>", "dead</b>", "61 s of 60 s");
  }

  @Test
  void columnThatWouldBeEmptyIsLeftOut() {
    assertThat(site(LINE).page("/ring").body()).doesNotContain(">Zone</a></th>");
    assertThat(site("a:ACTIVE:1:z1 b:ACTIVE:2:").page("/ring").body()).contains(">Zone</a></th>");
  }

  @Test
  void keyIsAnsweredOnTheSamePage() {
    assertThat(site(LINE).page("/ring?key=hello&operation=read").body())
        .contains("Hash <b>1335831723</b>. 2 of 2 must answer; 0 may fail.")
        .contains("token 2000000000")
        .contains("value=\"hello\"");
  }

  @Test
  void keyWithoutQuorumSaysWhy() {
    assertThat(site("a:ACTIVE:1 b:ACTIVE:2::dead c:ACTIVE:3::dead").page("/ring?key=k").body())
        .contains("No quorum: 2 healthy owners are needed, 1 found");
  }

  @Test
  void deadOneIsForgottenByOneClickAndTheEffectIsTold() {
    assertThat(site(LINE).page("/ring").body())
        .contains("name=\"forget\" value=\"c\">Forget <bdi>c</bdi></button>")
        .contains("Its 46.6 % of the keys moves to a (46.6 %).");
  }

  @Test
  void browserWithoutScriptsMayLoadAnIllRingOftenAndNeverWhileSomebodyTypes() {
    assertThat(site(LINE).page("/ring").body()).contains("<a href=\"?refresh=5\">every 5 s</a>");
    assertThat(site("a:ACTIVE:1 b:ACTIVE:2 c:ACTIVE:3").page("/ring").body())
        .contains("<a href=\"?refresh=20\">every 20 s</a>");
    assertThat(site(LINE).page("/ring?key=x").body()).doesNotContain("refresh=");
    assertThat(site(LINE).page("/ring?confirm=a").body()).doesNotContain("refresh=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/ring", "/default/ring", "/memberlist", "/health"})
  void pageIsLoadedAgainByItselfOnlyWhereThatWasAskedFor(String path) {
    Site site = site(LINE);

    assertThat(site.page(path + "?refresh=5").headers()).containsEntry("Refresh", "5");
    assertThat(site.page(path).headers()).doesNotContainKey("Refresh");
    for (String wrong : List.of("0", "-1", "3601", "5;url=//x", "")) {
      assertThat(site.page(path + "?refresh=" + wrong).headers()).doesNotContainKey("Refresh");
    }
  }

  @Test
  void largeRingShowsTheSickFirstAHundredAtATimeAndIsNotDrawn() {
    List<Instance> many = new ArrayList<>(Views.many("pod", 2000, 16, "z1", "z2"));
    Instance sick = many.get(1500);
    many.set(
        1500, Views.instance(sick.id(), InstanceState.ACTIVE, sick.owned(), sick.zone(), "dead"));
    Site site = new Site(new FakeService().with(Views.ring("default", 3, many), "pod-0001"));
    String page = site.page("/ring").body();

    assertThat(page)
        .doesNotContain("<figure")
        .contains("1 to 100 of 2000")
        .contains("1999 healthy");
    assertThat(page.length()).isLessThan(100_000);
    assertThat(page.substring(page.lastIndexOf("<tbody>")))
        .containsSubsequence("pod-1501", "pod-0001");
    assertThat(site.page("/ring?page=20").body()).contains("1901 to 2000 of 2000");
    assertThat(site.page("/ring?page=999999").body()).contains("1901 to 2000 of 2000");
    assertThat(site.page("/ring?q=pod-17&zone=z2").body()).contains("pod-1701");
    assertThat(site.page("/ring?health=unwell").body()).doesNotContain("pod-0002");
  }

  @Test
  void errorIsAPageForBrowsersAndAProblemForPrograms() {
    Response page = site(LINE).page("/nope/ring");
    Response problem = site(LINE).get("/nope/ring");

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
    assertThat(page.body()).contains("there is no ring nope here").contains("/default/ring");
    assertThat(problem.headers()).containsEntry("Content-Type", "application/problem+json");
    assertThat(problem.body()).contains("\"status\":404");
  }

  @Test
  void assetsAreCached() {
    Response style = site(LINE).page("/assets/style.css?v=1");

    assertThat(style.headers()).containsEntry("Content-Type", "text/css; charset=utf-8");
    assertThat(style.headers().get("Cache-Control")).contains("immutable");
    assertThat(site(LINE).page("/assets/nothing").status()).isEqualTo(404);
  }

  @Test
  void memberThatDiesStaysListed() {
    FakeService service = new FakeService().with(Views.ring(LINE), "a");
    service.members.add(member("ring-2", "dead"));

    assertThat(new Site(service).page("/memberlist").body())
        .contains("(1 dead) Members")
        .contains("ring-2 is dead.");
  }

  static List<String> hostileNames() {
    return List.of(
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'onmouseover='alert(1)",
        "a\u0000b\u001b[31m\r\nX-Evil: 1",
        "\u202eevil\u2066",
        "${7*7}@if(true)",
        "&lt;b&gt;",
        "x".repeat(10_000));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void whatOthersChoseIsTextOnEveryPage(String evil) {
    FakeService service = new FakeService();
    Instance dead = Views.instance(evil, InstanceState.ACTIVE, Tokens.of(1, 7), evil, "dead");
    Instance well =
        Views.instance(evil + 2, InstanceState.ACTIVE, Tokens.of(3, 9), evil, "healthy");
    service.put(
        Views.ring(evil, 2, List.of(dead, well)),
        Optional.empty(),
        List.of(new RingStatus.Event(Views.NOW, evil, evil, evil)),
        evil);
    service.alerts.add(evil);
    service.notReady.add(evil);
    service.members.add(member(evil, evil));
    service.keys.add(new KeyStatus(evil, evil, 1, 10, 1, 0, Views.NOW));
    service.gossip =
        Optional.of(
            new GossipStatus(
                3,
                0.01,
                0.2,
                1,
                evil,
                List.of(
                    new MessageStatus(
                        1, Views.NOW, false, evil, evil, 9, List.of(evil), List.of(evil)))));
    Site site = new Site(service);

    for (String path :
        new String[] {
          "/",
          "/ring",
          "/ring?instance=" + Paths.escape(evil),
          "/ring?ask=unhealthy",
          "/health",
          "/config",
          "/ring?by=zone&sort=" + Paths.escape(evil),
          "/memberlist?viewKey=" + Paths.escape(evil),
          "/memberlist",
          "/nope/ring",
          "/ring?key=" + Paths.escape(evil),
          "/ring?q=" + Paths.escape(evil),
          "/ring?confirm=" + Paths.escape(evil + 2),
          "/ring?confirm=" + Paths.escape(evil + 3),
          "/memberlist?viewKey=" + Paths.escape(evil + 3),
          "/memberlist?viewMsg=" + Paths.escape(evil),
          "/memberlist?deleteKey=" + Paths.escape(evil)
        }) {
      String page = site.page(path).body();
      String shown = page.replaceAll("(value|href|action|data-watch|content)=\"[^\"]*\"", "");

      assertThat(page)
          .as(path)
          .doesNotContain("<script>alert")
          .doesNotContain("<img")
          .doesNotContain("\"'onmouseover")
          .contains("</html>");
      assertThat(shown).as(path).doesNotContain("\u202e", "\u0000", "\u001b");
      if (evil.length() > 1000) {
        assertThat(shown).as(path).doesNotContain("x".repeat(700));
      }
    }
    assertThat(Site.text(site.ask("GET", "/ring", Map.of("accept", "application/json"), "")))
        .doesNotContain("<");
    assertThat(site.form("/ring", "forget", evil).status()).isEqualTo(302);
  }

  private static MemberStatus member(String name, String state) {
    return new MemberStatus(
        name, Views.NOW, name, state, name, Views.NOW, Views.NOW, name, name, false);
  }
}
