package io.ringdaemon.web;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A ring as this node sees it.
 *
 * @param leadership empty where leader election is off
 * @param selfId this node's instance id in the ring
 * @param phase where this node's own instance stands: its state's name, PENDING before it has
 *     registered, or empty when it only looks on
 * @param index rises when state, tokens, health or leader change, never for a heartbeat
 * @param observePeriod how long an instance watches before it is ACTIVE
 * @param store kind of store behind it
 * @param events newest first, at most 50
 * @param alerts states that deserve alarm, a sentence each
 */
public record RingStatus(
    Ring ring,
    Optional<Leadership> leadership,
    String selfId,
    Optional<String> phase,
    long index,
    Duration observePeriod,
    String store,
    List<Event> events,
    List<String> alerts) {

  public String name() {
    return ring.name();
  }

  /**
   * Something that happened.
   *
   * @param kind one of joined, state, health, left, forgotten, returned, leader, conflict,
   *     step-down, hook, hook-failed
   * @param instance empty when it concerns no single one
   */
  public record Event(Instant at, String kind, String instance, String text) {}
}
