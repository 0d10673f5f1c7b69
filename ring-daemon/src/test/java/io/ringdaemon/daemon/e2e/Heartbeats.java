package io.ringdaemon.daemon.e2e;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Follows what each value says of each instance, and that nobody undid what another wrote. */
final class Heartbeats {
  private final List<String> ids;
  private final boolean complete;
  private final Map<String, Integer> beats = new TreeMap<>();
  private final Map<String, Long> longest = new TreeMap<>();
  private RingDesc before = RingDesc.EMPTY;

  Heartbeats(List<String> ids, boolean complete) {
    this.ids = ids;
    this.complete = complete;
  }

  void next(RingDesc value) {
    if (!before.equals(RingDesc.EMPTY)) {
      ids.forEach(id -> compare(before.entry(id).orElseThrow(), entry(value, id)));
      long changed = ids.stream().filter(id -> !same(before, value, id)).count();
      if (complete && changed > 1) {
        throw new AssertionError("one write changed " + changed + " instances: " + value);
      }
    }
    before = value;
  }

  private static InstanceDesc entry(RingDesc value, String id) {
    return value.entry(id).orElseThrow(() -> new AssertionError(id + " was lost: " + value));
  }

  /** As dskit sees it: it drops fields of ours when it writes. */
  private static boolean same(RingDesc one, RingDesc another, String id) {
    return entry(one, id).timestamp() == entry(another, id).timestamp();
  }

  private void compare(InstanceDesc was, InstanceDesc is) {
    String id = was.id();
    if (is.timestamp() < was.timestamp()) {
      throw new AssertionError(
          "a heartbeat of %s was lost: %d after %d".formatted(id, is.timestamp(), was.timestamp()));
    }
    if (!is.tokens().equals(was.tokens())
        || !is.addr().equals(was.addr())
        || is.stateNumber() != was.stateNumber()
        || !is.versions().equals(was.versions())
        || is.registered() != was.registered()) {
      throw new AssertionError("%s was changed: %s after %s".formatted(id, is, was));
    }
    if (is.timestamp() > was.timestamp()) {
      beats.merge(id, 1, Integer::sum);
      longest.merge(id, is.timestamp() - was.timestamp(), Math::max);
    }
  }

  /** How many there were; throws if they are too few for that time. */
  String summary(long seconds) {
    List<String> said = new ArrayList<>();
    for (String id : ids) {
      int count = beats.getOrDefault(id, 0);
      if (count < seconds / LokiProcess.HEARTBEAT_SECONDS / 2) {
        throw new AssertionError("only " + count + " heartbeats of " + id + " in " + seconds);
      }
      said.add(
          "%d heartbeats of %s, at most %d s apart"
              .formatted(count, id, longest.getOrDefault(id, 0L)));
    }
    return String.join(", ", said);
  }
}
