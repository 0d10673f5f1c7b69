package io.ringdaemon.web;

import java.time.Instant;
import java.util.List;

/**
 * A gossip message that this node sent or received lately.
 *
 * @param peer the other node
 * @param keys those it speaks of
 * @param changed of these, the ones that it changed here
 */
public record MessageStatus(
    long id,
    Instant at,
    boolean sent,
    String peer,
    String kind,
    int bytes,
    List<String> keys,
    List<String> changed) {}
