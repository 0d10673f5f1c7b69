package io.ringdaemon.web.page;

import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.util.ArrayList;
import java.util.List;

/**
 * What surrounds every page.
 *
 * @param title of the document, alarm first
 * @param heading of the page
 * @param refreshSeconds how often a browser without scripts is offered to load the page again; 0:
 *     not. Only offered: pages that change by themselves and can't be stopped are a fault (WCAG
 *     2.2.1)
 * @param watch where the page hears of changes; empty: it stands still
 * @param mark of what it shows: another one there means that it is old
 */
public record Frame(
    String title,
    String heading,
    String node,
    String release,
    When now,
    List<Link> links,
    int refreshSeconds,
    String watch,
    String mark,
    Assets assets) {
  private static final int SOON = 5;
  private static final int LATER = 20;
  private static final String[][] PAGES = {
    {"Members", "/memberlist"}, {"Health", "/health"}, {"Configuration", "/config"}, {"API", "/api"}
  };

  /** A page in the header, with what is wrong there in a word. */
  public record Link(String text, String href, String style, String alarm, boolean here) {}

  static Frame of(Service service, String here, String heading, String alarm) {
    NodeStatus node = service.node();
    List<Link> links = new ArrayList<>();
    links.add(new Link("Overview", "/", "", "", here.equals("/")));
    boolean anyAlarm = false;
    for (RingStatus ring : service.rings()) {
      Verdict verdict = Verdict.of(ring, node, service.nanoTime());
      String path = Paths.ring(ring.name());
      anyAlarm |= !verdict.alarm().isEmpty();
      links.add(
          new Link(
              Words.shown(ring.name()),
              path,
              verdict.first().level().style(),
              verdict.alarm(),
              here.equals(path)));
    }
    for (String[] page : PAGES) {
      links.add(new Link(page[0], page[1], "", "", here.equals(page[1])));
    }
    String shownAlarm = alarm.isEmpty() ? "" : "(" + alarm + ") ";
    return new Frame(
        shownAlarm + heading + " · " + Words.shown(node.name()),
        heading,
        Words.shown(node.name()),
        node.release(),
        When.of(node.now(), node.now()),
        links,
        anyAlarm ? SOON : LATER,
        Paths.watch(""),
        PageStream.mark(service, ""),
        Assets.INSTANCE);
  }

  /** The page follows this ring alone. */
  Frame following(RingStatus status) {
    return new Frame(
        title,
        heading,
        node,
        release,
        now,
        links,
        refreshSeconds,
        Paths.watch(status.name()),
        Long.toString(status.index()),
        assets);
  }

  /** Where somebody reads an answer, a browser without scripts doesn't load the page again. */
  Frame unhurried() {
    return new Frame(title, heading, node, release, now, links, 0, watch, mark, assets);
  }

  /** Where somebody types or decides, the page stands still. */
  Frame still() {
    return new Frame(title, heading, node, release, now, links, 0, "", "", assets);
  }
}
