package io.ringdaemon.web.api;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.RingStatus;
import java.util.Optional;

/**
 * A ring's {@code ETag}: its version, and, where this node sees somebody unwell or led by another
 * than the owner of the lowest token, a plus sign and a hash of that. So whoever asks with {@code
 * If-None-Match} hears of a death, which changes no entry. {@code If-Match} compares the version
 * alone.
 */
final class RingTag {
  private RingTag() {}

  static String of(RingStatus status, long nanoTime) {
    Ring ring = status.ring();
    StringBuilder seen = new StringBuilder();
    for (Instance one : ring.instances()) {
      one.health().reason().ifPresent(why -> seen.append(one.id()).append('\0').append(why));
    }
    if (status.leadership().isPresent()) {
      Optional<String> leader =
          status.leadership().get().leaderAt(nanoTime).map(Leadership.Leader::instanceId);
      if (!leader.equals(status.leadership().get().lowestTokenOwner())) {
        seen.append('\0').append(leader.orElse(""));
      }
    }
    String suffix = seen.isEmpty() ? "" : "+%08x".formatted(seen.toString().hashCode());
    return '"' + ring.version() + suffix + '"';
  }

  /** The version in a tag without its quotes. */
  static String version(String tag) {
    int plus = tag.indexOf('+');
    return plus < 0 ? tag : tag.substring(0, plus);
  }
}
