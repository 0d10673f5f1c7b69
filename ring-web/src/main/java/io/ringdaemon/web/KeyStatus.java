package io.ringdaemon.web;

import java.time.Instant;

/**
 * A key of the gossip store. {@code version} counts its changes on this node.
 *
 * @param deleted nothing was written since somebody deleted it
 */
public record KeyStatus(
    String key,
    String codec,
    long version,
    int bytes,
    int entries,
    int tombstones,
    Instant updated,
    boolean deleted) {
  public KeyStatus(
      String key,
      String codec,
      long version,
      int bytes,
      int entries,
      int tombstones,
      Instant updated) {
    this(key, codec, version, bytes, entries, tombstones, updated, false);
  }
}
