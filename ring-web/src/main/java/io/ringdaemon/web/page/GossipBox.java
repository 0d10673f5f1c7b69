package io.ringdaemon.web.page;

import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.MessageStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * How gossip goes and what was said last, on the members page.
 *
 * @param delay a sentence
 * @param zone empty: gossip takes no notice of zones
 */
public record GossipBox(String delay, String zone, int queued, List<MessageRow> messages) {
  private static final int MOST_SHOWN = 50;

  /** A message on the page. */
  public record MessageRow(
      String href,
      When at,
      String way,
      String peer,
      String kind,
      int bytes,
      String keys,
      String changed) {}

  static GossipBox of(GossipStatus status, Instant now) {
    return new GossipBox(
        delay(status),
        Words.shown(status.zone()),
        status.queued(),
        status.messages().stream().limit(MOST_SHOWN).map(one -> row(one, now)).toList());
  }

  private static String delay(GossipStatus status) {
    if (status.delays() == 0) {
      return "No delay was measured in the last minutes: no other node was heard.";
    }
    return String.format(
        Locale.ROOT,
        "A change takes %s from another node to this one, 99 of 100 at most %s (%s in the last"
            + " minutes).",
        millis(status.delayP50()),
        millis(status.delayP99()),
        Words.count(status.delays(), "measurement", "measurements"));
  }

  private static String millis(double seconds) {
    return seconds < 10
        ? String.format(Locale.ROOT, "%,.0f ms", seconds * 1_000)
        : String.format(Locale.ROOT, "%,.0f s", seconds);
  }

  static MessageRow row(MessageStatus message, Instant now) {
    return new MessageRow(
        Paths.viewMessage(message.id()),
        When.of(message.at(), now),
        message.sent() ? "to" : "from",
        Words.shown(message.peer()),
        Words.shown(message.kind()),
        message.bytes(),
        Words.names(message.keys()),
        message.sent()
            ? ""
            : message.changed().isEmpty() ? "nothing" : Words.names(message.changed()));
  }
}
