package io.ringdaemon.web;

import java.time.Instant;

/** A key of the gossip store. {@code version} counts its changes on this node. */
public record KeyStatus(
    String key,
    String codec,
    long version,
    int bytes,
    int entries,
    int tombstones,
    Instant updated) {}
