package io.ringdaemon.web.page;

import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A key of the gossip store: its decoded value, its version, who changed it lately.
 *
 * @param value its first lines
 * @param cut how many characters are left out
 * @param changes the last messages that changed it here
 * @param ring where it is shown as a ring, if it is one of this node's
 */
public record KeyPage(
    Frame frame,
    String name,
    boolean deleted,
    List<RingPage.Fact> facts,
    String value,
    int cut,
    String plain,
    String deletion,
    List<GossipBox.MessageRow> changes,
    String ring) {
  private static final int LONGEST = 100_000;

  static String render(Service service, KeyStatus key, String text) {
    return Templates.render("key", of(service, key, text));
  }

  static KeyPage of(Service service, KeyStatus key, String text) {
    NodeStatus node = service.node();
    When updated = When.of(key.updated(), node.now());
    String name = Words.shown(key.key());
    int shown = Math.min(LONGEST, text.length());
    return new KeyPage(
        Frame.of(service, "/memberlist", name, ""),
        name,
        key.deleted(),
        List.of(
            new RingPage.Fact("Codec", Words.shown(key.codec())),
            new RingPage.Fact("Version here", Long.toString(key.version())),
            new RingPage.Fact("Changed", updated.age() + " ago, " + updated.utc()),
            new RingPage.Fact("Entries", Integer.toString(key.entries())),
            new RingPage.Fact("Tombstones", Integer.toString(key.tombstones())),
            new RingPage.Fact("Size", String.format(Locale.ROOT, "%,d bytes", key.bytes()))),
        Words.lines(text.substring(0, shown)),
        text.length() - shown,
        Paths.viewKey(key.key()) + "&format=text",
        Paths.deleteKey(key.key()),
        service.gossip().map(gossip -> changes(gossip, key, node)).orElse(List.of()),
        ring(service, key).map(Paths::ring).orElse(""));
  }

  private static List<GossipBox.MessageRow> changes(
      GossipStatus gossip, KeyStatus key, NodeStatus node) {
    return gossip.messages().stream()
        .filter(message -> !message.sent() && message.changed().contains(key.key()))
        .map(message -> GossipBox.row(message, node.now()))
        .toList();
  }

  private static Optional<String> ring(Service service, KeyStatus key) {
    return service.rings().stream()
        .map(RingStatus::name)
        .filter(name -> key.key().endsWith("/" + name))
        .findFirst();
  }
}
