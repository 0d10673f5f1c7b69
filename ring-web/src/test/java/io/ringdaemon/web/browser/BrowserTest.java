package io.ringdaemon.web.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.Demo;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.api.PrometheusMetrics;
import io.ringdaemon.web.api.WebRoutes;
import io.ringdaemon.web.browser.Chromium.Mode;
import io.ringdaemon.web.http.CsrfGuard;
import io.ringdaemon.web.http.HttpServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every page and action in a real browser; only with the profile {@code browser}. */
@Tag("slow")
final class BrowserTest {
  private static final Map<String, String> PAGES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("overview", "/"),
              Map.entry("ring", "/default/ring"),
              Map.entry("ring-sick", "/sick/ring"),
              Map.entry("ring-zones", "/few/ring?by=zone"),
              Map.entry("ring-hundred", "/hundred/ring"),
              Map.entry("ring-crowd", "/crowd/ring"),
              Map.entry(
                  "ring-crowd-filtered", "/crowd/ring?zone=a&sort=-share&page=2#instances-title"),
              Map.entry("ring-empty", "/empty/ring"),
              Map.entry("key-owners", "/default/ring?key=hello"),
              Map.entry("key-without-owners", "/few/ring?key=hello"),
              Map.entry("instance", "/sick/ring?instance=ring-3"),
              Map.entry("forget-living", "/sick/ring?confirm=ring-1"),
              Map.entry("forget-unhealthy", "/hundred/ring?ask=unhealthy"),
              Map.entry("members", "/memberlist"),
              Map.entry("key", "/memberlist?viewKey=collectors%2Fdefault"),
              Map.entry("delete-key", "/memberlist?deleteKey=collectors%2Fdefault"),
              Map.entry("health", "/health"),
              Map.entry("configuration", "/config"),
              Map.entry("api", "/api"),
              Map.entry("not-found", "/nope/ring")));
  private static Chromium chromium;

  private final FakeService service = Demo.service();
  private HttpServer server;
  private String base;

  @BeforeAll
  static void launch() {
    PlaywrightAssertions.setDefaultAssertionTimeout(60_000);
    chromium = new Chromium();
  }

  @AfterAll
  static void quit() {
    chromium.close();
  }

  @BeforeEach
  void serve() throws Exception {
    base = "http://127.0.0.1:" + serve(0);
    chromium.complaints.clear();
  }

  private int serve(int port) throws Exception {
    PrometheusMetrics metrics = new PrometheusMetrics();
    server = new HttpServer(WebRoutes.of(service, metrics, CsrfGuard.anyHost()), "0.1.0", metrics);
    InetSocketAddress address =
        server.start("127.0.0.1", port).toCompletableFuture().get(10, TimeUnit.SECONDS);
    return address.getPort();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Page open(Mode mode, String path) {
    Page page = chromium.open(mode, base);
    page.navigate(path);
    return page;
  }

  private List<String> left(String ring) {
    return service.ring(ring).orElseThrow().ring().instances().stream().map(Instance::id).toList();
  }

  @ParameterizedTest
  @EnumSource
  void everyPageIsFitForEverybody(Mode mode) {
    List<String> faults = new ArrayList<>();
    Page page = chromium.open(mode, base);
    PAGES.forEach(
        (name, path) -> {
          page.navigate(path);
          Chromium.shoot(page, name + "-" + mode.name().toLowerCase(java.util.Locale.ROOT));
          chromium.faults(mode, page).forEach(fault -> faults.add(name + ": " + fault));
          if (Chromium.width(page) > mode.width) {
            faults.add(name + " is " + Chromium.width(page) + " pixels wide");
          }
        });
    page.context().close();

    assertThat(faults).isEmpty();
    assertThat(chromium.complaints).isEmpty();
  }

  @Test
  void openPageShowsADeathAndItsEndWithoutBeingLoadedAgain() {
    Page page = open(Mode.WIDE, "/default/ring");
    assertThat(page.locator("#live")).containsText("live, updated");
    page.evaluate("() => window.same = true");

    service.with(Views.ring("default", 3, "a:ACTIVE:1 b:ACTIVE:2 c:ACTIVE:3::dead"), "a");

    assertThat(page.locator(".verdict").first()).containsText("c has been dead since");
    assertThat(page).hasTitle(Pattern.compile("^\\(1 dead\\) default ring"));
    service.with(Views.ring("default", 3, "a:ACTIVE:1 b:ACTIVE:2 c:ACTIVE:3"), "a");
    assertThat(page.locator(".verdict").first()).containsText("All 3 instances are healthy");
    assertThat(page.evaluate("() => window.same")).isEqualTo(true);
    page.context().close();
  }

  @Test
  void brokenStreamRaisesABarThatGoesWhenTheDaemonIsBack() throws Exception {
    Page page = open(Mode.WIDE, "/default/ring");
    assertThat(page.locator("#live")).containsText("live, updated");
    Locator bar = page.locator("#stale");
    assertThat(bar).isHidden();

    stop();
    assertThat(bar).containsText("No answer from this daemon since");
    assertThat(page.locator("#live")).hasText("not connected");
    Chromium.shoot(page, "not-connected");

    serve(Integer.parseInt(base.substring(base.lastIndexOf(':') + 1)));
    assertThat(bar).isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(60_000));
    page.context().close();
  }

  @Test
  void whatIsTickedOutlivesAnUpdate() {
    Page page = open(Mode.WIDE, "/few/ring");
    page.getByLabel("Select one", new Page.GetByLabelOptions().setExact(true)).check();

    service.with(Views.ring("few", 3, "one:ACTIVE:1000,2000000000 two:LEAVING:3000000000"), "one");

    assertThat(page.locator("tbody")).containsText("LEAVING");
    assertThat(page.getByLabel("Select one", new Page.GetByLabelOptions().setExact(true)))
        .isChecked();
    page.context().close();
  }

  @Test
  void deadOneIsForgottenByOneClickAndEveryNodeIsNamed() {
    for (Mode mode : List.of(Mode.WIDE, Mode.PHONE, Mode.NO_SCRIPT)) {
      service.with(Demo.service().ring("sick").orElseThrow().ring(), "ring-1");
      Page page = open(mode, "/sick/ring");

      page.locator(".unwell button").first().click();

      assertThat(page.locator(".outcome"))
          .containsText("Forgot ring-3: gone on 2 of 2 nodes after 0.4 s.");
      assertThat(page.locator(".outcome li")).hasCount(2);
      assertThat(left("sick")).as(mode.name()).containsExactly("ring-1", "ring-2");
      assertThat(chromium.faults(mode, page)).isEmpty();
      Chromium.shoot(page, "forgotten-" + mode.name().toLowerCase(java.util.Locale.ROOT));
      page.context().close();
    }
  }

  @Test
  void livingOneIsForgottenOnlyWhenItsIdIsTyped() {
    for (Mode mode : List.of(Mode.WIDE, Mode.NO_SCRIPT)) {
      service.with(Demo.service().ring("sick").orElseThrow().ring(), "ring-1");
      Page page = open(mode, "/sick/ring?confirm=ring-2");

      page.locator("#typed").fill("ring-1");
      page.locator("button.danger").click();
      assertThat(page.locator(".wrong")).containsText("nothing was changed");
      assertThat(left("sick")).hasSize(3);

      page.locator("#typed").fill("ring-2");
      page.locator("button.danger").click();
      assertThat(page.locator(".outcome")).containsText("Forgot ring-2.");
      page.context().close();
    }
  }

  @Test
  void severalAreSelectedAndForgottenByKeyboardAlone() {
    Page page = open(Mode.WIDE, "/hundred/ring?health=unwell");
    page.locator("input[data-all]").focus();
    page.keyboard().press("Space");
    assertThat(page.locator("input[name=select]:checked")).hasCount(3);
    page.getByText("Forget selected…").focus();
    page.keyboard().press("Enter");

    assertThat(page.locator("h1")).containsText("Forget 3 instances?");
    assertThat(page.locator(".verdict")).containsText("1 of these 3 is healthy.");
    page.locator("#typed").focus();
    page.keyboard().type("3");
    page.keyboard().press("Enter");

    assertThat(page.locator(".outcome")).containsText("gone on 2 of 2 nodes");
    assertThat(left("hundred")).hasSize(97);
    page.context().close();
  }

  @Test
  void allUnhealthyAreForgottenAfterAPageThatSaysWhatHappens() {
    Page page = open(Mode.WIDE, "/crowd/ring");
    page.locator(".unwell ~ p a.danger").click();
    assertThat(page.locator(".verdict")).containsText("All 2 are unhealthy.");
    page.locator("button.danger").click();

    assertThat(page.locator(".outcome")).containsText("gone on 2 of 2 nodes");
    assertThat(left("crowd")).hasSize(1998);
    page.context().close();
  }

  @Test
  void keyIsPastedAndEnterNamesItsOwners() {
    for (Mode mode : List.of(Mode.WIDE, Mode.NO_SCRIPT)) {
      Page page = open(mode, "/default/ring");
      page.locator("#key").fill("hello");
      page.locator("#key").press("Enter");

      assertThat(page.locator(".owners li")).hasCount(3);
      assertThat(page.locator(".answer")).containsText("1335831723");
      assertThat(page.locator(".circle .pointer")).hasCount(1);
      page.context().close();
    }
  }

  @Test
  void tableIsFilteredAndSortedByItsAddress() {
    for (Mode mode : List.of(Mode.WIDE, Mode.NO_SCRIPT)) {
      Page page = open(mode, "/crowd/ring");
      page.locator("#q").fill("pod-19");
      page.locator("#filter-zone").selectOption("a");
      page.locator("#filter-zone").press("Enter");
      page.locator(".filter button").click();
      page.locator("th[scope=col] a", new Page.LocatorOptions().setHasText("Share")).click();

      assertThat(page).hasURL(Pattern.compile("q=pod-19.*zone=a.*sort=-share"));
      assertThat(page.locator("th[aria-sort=descending]")).containsText("Share");
      assertThat(page.locator(".instances tbody tr")).hasCount(33);
      page.context().close();
    }
  }

  @Test
  void healthLeadsToWhatIsWrong() {
    Page page = open(Mode.WIDE, "/");
    page.locator("nav a[href='/health']").click();
    assertThat(page.locator("main")).containsText("ring-3 has been dead since");
    page.locator("h2 a", new Page.LocatorOptions().setHasText("Ring sick")).click();
    assertThat(page).hasURL(base + "/sick/ring");
    page.context().close();
  }
}
