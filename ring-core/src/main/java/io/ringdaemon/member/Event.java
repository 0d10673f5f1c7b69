package io.ringdaemon.member;

import java.time.Instant;

/**
 * Something that happened in a ring, as this node saw it.
 *
 * @param kind one of joined, state, health, left, forgotten, returned, leader, claim, conflict,
 *     step-down, joining, leaving, read-only, resign
 * @param instance empty when it concerns no single one
 */
public record Event(Instant at, String kind, String instance, String text) {}
