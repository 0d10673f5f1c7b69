package io.ringdaemon.gossip.mesh.scalecube;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets a log line through once a minute per key: what a stranger can cause must not fill the log.
 * Pure. <b>Bounds:</b> 256 keys.
 */
final class Seldom {
  private static final int MOST = 256;
  private static final long PAUSE = Duration.ofMinutes(1).toNanos();

  private final Map<String, Long> last =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST;
        }
      };

  boolean say(String key, long now) {
    Long before = last.get(key);
    if (before != null && now - before < PAUSE) {
      return false;
    }
    last.put(key, now);
    return true;
  }
}
