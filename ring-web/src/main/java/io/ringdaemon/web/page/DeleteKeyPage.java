package io.ringdaemon.web.page;

import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.Service;

/**
 * Asks before a key of the gossip store is deleted.
 *
 * @param used whether a ring of this node's configuration is kept there
 * @param wrong what was wrong with the last try; empty: this is the first
 */
public record DeleteKeyPage(
    Frame frame, String id, String name, int entries, boolean used, String wrong) {

  static String render(Service service, KeyStatus key, String wrong) {
    boolean used =
        service.rings().stream()
            .anyMatch(
                ring ->
                    ring.store().equals("memberlist")
                        && (key.key().endsWith("/" + ring.name())
                            || key.key().endsWith("/" + ring.name() + "/leader")));
    String name = Words.shown(key.key());
    return Templates.render(
        "deleteKey",
        new DeleteKeyPage(
            Frame.of(service, "/memberlist", "Delete " + name + "?", "").still(),
            key.key(),
            name,
            key.entries(),
            used,
            wrong));
  }
}
