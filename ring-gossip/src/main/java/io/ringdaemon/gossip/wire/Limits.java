package io.ringdaemon.gossip.wire;

import io.ringdaemon.kv.MalformedValueException;
import java.util.List;

/** What a message may hold at most (docs/formats.md). */
final class Limits {
  private static final int MOST = 10_000;
  private static final int LONGEST_NAME = 1_024;
  private static final long LATEST = 1L << 53; // as RingCodec

  private Limits() {}

  static <T> List<T> limited(List<T> some) {
    return limited(some, MOST);
  }

  static <T> List<T> limited(List<T> some, int most) {
    if (some.size() > most) {
      throw new MalformedValueException(
          "a message names %d of at most %d".formatted(some.size(), most));
    }
    return List.copyOf(some);
  }

  static String name(String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new MalformedValueException("a name of %d characters".formatted(name.length()));
    }
    return name;
  }

  /** A moment or a distance between two, in whatever unit. */
  static long time(long time) {
    if (time < 0 || time > LATEST) {
      throw new MalformedValueException("a time of " + time);
    }
    return time;
  }
}
