package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;

/**
 * Asks before a living instance is forgotten.
 *
 * @param wrong what was wrong with the last try; empty: this is the first
 */
public record ConfirmPage(
    Frame frame,
    String ring,
    String action,
    String id,
    String name,
    String state,
    String health,
    String heartbeat,
    String share,
    String heirs,
    String wrong) {

  static String render(Service service, RingStatus status, Instance instance, String wrong) {
    Ring ring = status.ring();
    int ordinal = ring.instances().indexOf(instance);
    InstanceRow row =
        InstanceRow.of(
            instance,
            ordinal,
            ring.shares()[ordinal],
            RingContext.of(status, service.node(), service.nanoTime()),
            Heirs.of(ring, instance));
    String heading = "Forget " + row.name() + "?";
    return Templates.render(
        "confirm",
        new ConfirmPage(
            Frame.of(service, Paths.ring(status.name()), heading, "").still(),
            Words.shown(status.name()),
            Paths.ring(status.name()),
            row.id(),
            row.name(),
            row.state(),
            row.health(),
            row.heartbeat(),
            row.share(),
            row.heirs(),
            wrong));
  }
}
