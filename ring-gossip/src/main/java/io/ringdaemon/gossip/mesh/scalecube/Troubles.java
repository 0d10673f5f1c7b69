package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.Refusal;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why nobody is there, in words, as long as it is so: seeds that don't answer, nodes that refuse us
 * or are refused, names used twice.
 *
 * <p>Confined to the loop, except {@link #lines}. <b>Bounds:</b> 64 refusals, each kept for twice
 * the rejoin interval (at least 2 minutes) and logged once a minute and address.
 */
final class Troubles {
  private static final int MOST_REFUSALS = 64;
  private static final long KEPT_AT_LEAST = Duration.ofMinutes(2).toNanos();
  private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

  private record Refused(String text, long at) {}

  private final World world;
  private final MeshConfig config;
  private final Map<String, String> seedOf = new LinkedHashMap<>(); // address → as written
  private final Map<String, String> failures = new LinkedHashMap<>(); // seed as written → why
  private final Map<String, Refused> refusals = new LinkedHashMap<>(); // by address
  private final Seldom seldom = new Seldom();
  private volatile List<String> lines = List.of();
  private boolean saidAlone;

  Troubles(World world, MeshConfig config) {
    this.world = world;
    this.config = config;
  }

  /** One line a trouble. Any thread. */
  List<String> lines() {
    return lines;
  }

  /** What the seeds are today. */
  void resolved(Map<String, Resolver.Found> found) {
    seedOf.clear();
    found.forEach(
        (seed, today) -> {
          today.addresses().forEach(address -> seedOf.put(address, seed));
          if (today.addresses().isEmpty() && config.seeds().contains(seed)) {
            failures.put(seed, today.trouble());
          }
        });
    failures.keySet().retainAll(found.keySet());
  }

  /** Nobody answered there. */
  void unreachable(String address, String why) {
    String seed = seedOf.get(address);
    if (seed != null) {
      failures.put(seed, why);
    }
  }

  /** Somebody answered there. */
  void answered(String address) {
    String seed = seedOf.get(address);
    if (seed != null) {
      failures.remove(seed);
    }
    refusals.remove(address);
  }

  void refused(String address, String how, Refusal refusal) {
    String text = how + Handshake.text(refusal);
    long now = world.nanoTime();
    if (seldom.say(address, now)) {
      LOG.warn("peer={} {}", address, text);
    }
    keep(address, "no connection with " + address + ": " + text);
    unreachable(address, "refused");
  }

  /** A trouble that somebody should see to; kept as long as a refusal. */
  void note(String key, String text) {
    long now = world.nanoTime();
    if (seldom.say(key, now)) {
      LOG.warn("{}", text);
    }
    keep(key, text);
  }

  private void keep(String key, String text) {
    refusals.put(key, new Refused(text, world.nanoTime()));
    if (refusals.size() > MOST_REFUSALS) {
      refusals.remove(refusals.keySet().iterator().next());
    }
  }

  /** Words it anew. */
  void refresh(PeerTable peers, String ownAddress, Duration pace) {
    List<String> now = new ArrayList<>();
    noSeed(peers, pace, now);
    long kept = Math.max(KEPT_AT_LEAST, 2 * config.rejoinInterval().toNanos());
    refusals.values().removeIf(refusal -> world.nanoTime() - refusal.at > kept);
    refusals.values().forEach(refusal -> now.add(refusal.text));
    for (String duplicate : peers.duplicates(ownAddress)) {
      if (seldom.say(duplicate, world.nanoTime())) {
        LOG.warn("{}", duplicate);
      }
      now.add(duplicate);
    }
    lines = List.copyOf(now);
  }

  private void noSeed(PeerTable peers, Duration pace, List<String> now) {
    if (!peers.alone()) {
      saidAlone = false;
      return;
    }
    if (failures.isEmpty()) {
      return;
    }
    List<String> tried = new ArrayList<>();
    failures.forEach((seed, why) -> tried.add(seed + " (" + why + ")"));
    String line =
        "no seed answers: tried "
            + String.join(", ", tried)
            + "; working alone, retrying every "
            + pace.toSeconds()
            + " s";
    now.add(line);
    if (!saidAlone) {
      saidAlone = true;
      LOG.warn("{}", line);
    }
  }
}
