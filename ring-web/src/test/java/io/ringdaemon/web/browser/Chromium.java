package io.ringdaemon.web.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian's Chromium, driven by Playwright; and axe-core, which judges pages in it. */
final class Chromium implements AutoCloseable {
  /** How somebody looks at a page. */
  enum Mode {
    WIDE(1400, 1000, ColorScheme.LIGHT, true),
    DARK(1400, 1000, ColorScheme.DARK, true),
    PHONE(390, 844, ColorScheme.LIGHT, true),
    DARK_PHONE(390, 844, ColorScheme.DARK, true),
    NO_SCRIPT(1400, 1000, ColorScheme.LIGHT, false);

    final int width;
    final int height;
    final ColorScheme scheme;
    final boolean scripts;

    Mode(int width, int height, ColorScheme scheme, boolean scripts) {
      this.width = width;
      this.height = height;
      this.scheme = scheme;
      this.scripts = scripts;
    }
  }

  private static final double PATIENCE_MILLIS = 60_000;
  private static final Path SHOTS =
      Path.of(System.getProperty("project.root", ".."), "target", "screenshots");

  private final Playwright playwright;
  private final Browser browser;
  private final String axe;

  /** What the pages complained about in the console: a policy broken, a script that failed. */
  final List<String> complaints = new ArrayList<>();

  Chromium() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(installed())
                    .setTimeout(PATIENCE_MILLIS)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    axe = read("/axe.min.js");
  }

  private static Path installed() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(dir -> Path.of(dir, "chromium"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("Chromium (Debian package chromium) is not installed"));
  }

  private static String read(String resource) {
    try (InputStream in = Chromium.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new page; addresses are relative to {@code base}. Closing its context closes it. */
  Page open(Mode mode, String base) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(base)
                .setViewportSize(mode.width, mode.height)
                .setColorScheme(mode.scheme)
                .setJavaScriptEnabled(mode.scripts));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          // an answer of 404 or 409 is a line in the console, too
          if (message.type().equals("error") && !message.text().startsWith("Failed to load")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    return page;
  }

  /** What axe-core finds wrong with the page as it is; empty: nothing. */
  List<?> faults(Mode mode, Page page) {
    return mode.scripts ? judged(page) : judgedWithScripts(mode, page);
  }

  /**
   * axe-core is a script itself: what is seen without scripts, the content of {@code noscript}
   * included, is shown once more in a window that runs axe-core, but not the page's own.
   */
  private List<?> judgedWithScripts(Mode mode, Page page) {
    String seen =
        page.content().replaceAll("</?noscript>", "").replaceAll("<script [^>]*></script>", "");
    try (BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(mode.width, mode.height)
                .setColorScheme(mode.scheme))) {
      Page copy = context.newPage();
      copy.route(
          page.url(),
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setBody(seen)
                      .setContentType("text/html; charset=utf-8")));
      copy.navigate(page.url());
      return judged(copy);
    }
  }

  private List<?> judged(Page page) {
    page.evaluate(axe);
    return (List<?>)
        page.evaluate(
            "() => axe.run(document, {resultTypes: ['violations']}).then(found =>"
                + " found.violations.map(fault => fault.id + ': ' + fault.nodes.slice(0,"
                + " 3).map(node => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' |"
                + " ')))");
  }

  /** How many pixels the page is wide, with what must be scrolled to. */
  static int width(Page page) {
    return ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue();
  }

  /** Keeps a picture of what is seen, as build output. */
  static void shoot(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
