package io.ringdaemon.web.page;

import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import java.time.Duration;
import java.time.Instant;

/**
 * An instance on the ring page.
 *
 * @param id as it is, for forms; {@code name} is for the eye
 * @param health healthy, suspect, unhealthy or dead
 * @param reason empty when healthy
 * @param heartbeat its age against what is allowed
 * @param href where all of it is shown
 * @param oneClick whether Forget needs no question, for it is gone anyway
 * @param heirs who gets its keys when it is forgotten; empty when that is not asked for
 */
public record InstanceRow(
    String letter,
    String colour,
    String id,
    String name,
    String addr,
    String zone,
    String state,
    When stateSince,
    String health,
    String healthStyle,
    String reason,
    When healthSince,
    String heartbeat,
    int tokens,
    String share,
    boolean leader,
    boolean self,
    boolean readOnly,
    boolean oneClick,
    String href,
    String confirm,
    String heirs) {

  static InstanceRow of(
      Instance instance, int ordinal, double share, RingContext context, String heirs) {
    Health health = instance.health();
    Instant now = context.now();
    String id = instance.id();
    return new InstanceRow(
        Circle.letter(ordinal),
        Circle.colour(ordinal),
        id,
        Words.shown(id),
        Words.shown(instance.desc().addr()),
        Words.shown(instance.zone()),
        instance.state().name(),
        When.of(instance.stateSince(), now),
        word(health),
        health.well() ? "well" : health.healthy() ? "warning" : "alarm",
        Words.sentence(health.detail()),
        When.of(health.since(), now),
        heartbeat(instance, context),
        instance.owned().size(),
        Words.percent(share),
        context.leader().filter(id::equals).isPresent(),
        context.selfId().equals(id),
        instance.desc().readOnly().on(),
        !health.healthy(),
        Paths.instance(context.ring(), id),
        Paths.confirm(context.ring(), id),
        heirs);
  }

  /** One word; a dead node says more than an unhealthy instance. */
  static String word(Health health) {
    return health.reason().filter(Health.Reason.DEAD::equals).isPresent() ? "dead" : health.word();
  }

  static String heartbeat(Instance instance, RingContext context) {
    long timestamp = instance.desc().timestamp();
    if (timestamp == 0) {
      return "no heartbeat: registered only";
    }
    Duration age = Duration.between(Instant.ofEpochSecond(timestamp), context.now());
    if (instance.clockOff()) {
      return "clock " + Words.age(age.abs()) + (age.isNegative() ? " ahead" : " behind");
    }
    return Words.age(age) + " of " + Words.age(context.heartbeatTimeout());
  }
}
