package io.ringdaemon.web.page;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.page.Finding.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What is wrong with a ring, worst first: one sentence each for what it is, what follows, and what
 * to do. A ring without findings is well, and says so.
 *
 * @param findings never empty
 */
public record Verdict(List<Finding> findings) {
  /** The worst. */
  public Finding first() {
    return findings.get(0);
  }

  public List<Finding> others() {
    return findings.subList(1, findings.size());
  }

  /** What raises alarm, for a title: {@code 1 dead, nobody leads}; empty when all is well. */
  public String alarm() {
    return String.join(
        ", ", findings.stream().map(Finding::tag).filter(tag -> !tag.isEmpty()).limit(2).toList());
  }

  public static Verdict of(RingStatus status, NodeStatus node, long nanoTime) {
    return new Judge(status, node, nanoTime).verdict();
  }

  private static final class Judge {
    /** Beyond which names say less than zones. */
    private static final int MANY = 8;

    private final RingStatus status;
    private final Ring ring;
    private final NodeStatus node;
    private final Instant now;
    private final long nanoTime;
    private final double[] shares;
    private final List<Finding> findings = new ArrayList<>();

    Judge(RingStatus status, NodeStatus node, long nanoTime) {
      this.status = status;
      this.ring = status.ring();
      this.node = node;
      this.now = node.now();
      this.nanoTime = nanoTime;
      this.shares = ring.shares();
    }

    Verdict verdict() {
      if (ring.instances().isEmpty()) {
        add(
            Level.NOTICE,
            "empty",
            "The ring is empty: no instance has registered yet.",
            "No key has an owner.",
            "Wait a few seconds after a start; else look whether this node reaches others"
                + " (Members).");
      } else {
        quorum();
        leader();
        unwell();
        clocks();
        moving();
      }
      alerts();
      if (findings.isEmpty()) {
        add(Level.WELL, "", well(), "", "");
      }
      findings.sort(Comparator.comparing(Finding::level).reversed());
      return new Verdict(List.copyOf(findings));
    }

    private void add(Level level, String tag, String what, String effect, String todo) {
      findings.add(new Finding(level, tag, what, effect, todo));
    }

    private String well() {
      int size = ring.instances().size();
      String all =
          size == 1 ? "The only instance is healthy." : "All " + size + " instances are healthy.";
      return leaderId().map(id -> all + " " + Words.shown(id) + " leads.").orElse(all);
    }

    private Optional<String> leaderId() {
      return status
          .leadership()
          .flatMap(leadership -> leadership.leaderAt(nanoTime))
          .map(Leadership.Leader::instanceId);
    }

    private void quorum() {
      int replicas = ring.options().replicationFactor();
      int needed = replicas / 2 + 1;
      long serving = ring.instances().stream().filter(one -> one.serves(Operation.WRITE)).count();
      if (serving < needed) {
        boolean starting =
            ring.instances().stream()
                .anyMatch(
                    one ->
                        one.state() == InstanceState.JOINING
                            || one.state() == InstanceState.PENDING);
        add(
            starting ? Level.WARNING : Level.ALARM,
            "no quorum",
            "%s can serve writes; replication factor %d needs %d."
                .formatted(Words.count(serving, "instance", "instances"), replicas, needed),
            "Every lookup for a write fails.",
            starting
                ? "Instances are still joining; wait for them."
                : "Start more instances, or set a smaller replication_factor.");
        return;
      }
      double lost =
          ring.instances().size() == serving ? 0 : Quorum.lostShare(ring, Operation.WRITE);
      if (lost > 0) {
        add(
            Level.ALARM,
            "keys without quorum",
            "About %s of the keys have no quorum of %d healthy owners."
                .formatted(Words.percent(lost), needed),
            "Writes of these keys fail.",
            "Bring the instances below back, or forget those that will not return.");
      } else if (serving < replicas && ring.instances().size() < replicas) {
        add(
            Level.NOTICE,
            "",
            "%s for a replication factor of %d."
                .formatted(Words.count(ring.instances().size(), "instance", "instances"), replicas),
            "Keys have fewer replicas than configured.",
            "Start more instances, or set a smaller replication_factor.");
      }
    }

    private void leader() {
      if (status.leadership().isEmpty() || leaderId().isPresent()) {
        return;
      }
      Leadership leadership = status.leadership().get();
      boolean candidates =
          ring.instances().stream()
              .anyMatch(
                  one ->
                      one.state() == InstanceState.ACTIVE
                          && one.health().well()
                          && one.desc().ofRingDaemon());
      String obstacle =
          leadership.obstacle().map(it -> " This node can't: " + it.text() + ".").orElse("");
      add(
          candidates ? Level.ALARM : Level.WARNING,
          "nobody leads",
          "Nobody has led " + When.since(leadership.since(), now) + ".",
          "What only the leader does stands still.",
          (candidates
                  ? "The next leader should claim within seconds; if not, see the events below."
                  : "No healthy ACTIVE instance may lead yet.")
              + obstacle);
    }

    private void unwell() {
      group(
          "dead",
          Level.ALARM,
          one -> is(one, Health.Reason.DEAD),
          "Restart it, or forget it if it will not return.");
      group(
          "unhealthy",
          Level.ALARM,
          one -> is(one, Health.Reason.HEARTBEAT),
          "See whether its process runs and reaches the others; forget it if it will not return.");
      group(
          "failing its check",
          Level.WARNING,
          one -> is(one, Health.Reason.CHECK),
          "Look after the application behind it.");
      group(
          "suspect",
          Level.WARNING,
          one -> is(one, Health.Reason.SUSPECTED),
          "Wait some seconds: it will answer, or count as dead.");
    }

    private static boolean is(Instance instance, Health.Reason reason) {
      return instance.health().reason().filter(reason::equals).isPresent();
    }

    private void group(String word, Level level, Predicate<Instance> which, String todo) {
      List<Instance> found = ring.instances().stream().filter(which).toList();
      if (found.isEmpty()) {
        return;
      }
      double share = 0;
      for (int i = 0; i < shares.length; i++) {
        share += which.test(ring.instances().get(i)) ? shares[i] : 0;
      }
      String ids = Words.names(found.stream().map(Instance::id).toList());
      Health health = found.get(0).health();
      String what =
          found.size() == 1
              ? "%s has been %s %s: %s."
                  .formatted(
                      ids, word, When.since(health.since(), now), Words.sentence(health.detail()))
              : "%d of %d instances are %s: %s."
                  .formatted(
                      found.size(),
                      ring.instances().size(),
                      word,
                      found.size() > MANY ? byZone(found).orElse(ids) : ids);
      String whose = found.size() == 1 ? "It owns " : "They own ";
      String effect =
          word.equals("suspect")
              ? whose + Words.percent(share) + " of the tokens' keys and can't lead."
              : whose + Words.percent(share) + " of the keys; the next owners answer for them.";
      add(level, found.size() + " " + word, what, effect, todo);
    }

    /** Many at once fail by zones, if there are any: how many of each. */
    private Optional<String> byZone(List<Instance> found) {
      Map<String, Long> counts =
          found.stream()
              .filter(one -> !one.zone().isEmpty())
              .collect(groupingBy(Instance::zone, TreeMap::new, counting()));
      return counts.isEmpty()
          ? Optional.empty()
          : Optional.of(
              Words.names(
                  counts.entrySet().stream()
                      .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                      .map(
                          zone ->
                              "%d of %d in %s"
                                  .formatted(
                                      zone.getValue(),
                                      ring.countInZone(zone.getKey()),
                                      Words.shown(zone.getKey())))
                      .toList()));
    }

    private void clocks() {
      List<String> off =
          ring.instances().stream().filter(Instance::clockOff).map(Instance::id).toList();
      if (!off.isEmpty()) {
        add(
            Level.WARNING,
            "clock wrong",
            "The clock of " + Words.names(off) + " is not the same as this node's.",
            "Ages of heartbeats are off; health counts from when they arrive.",
            "Compare the clocks (chronyc tracking, timedatectl).");
      }
    }

    private void moving() {
      for (InstanceState state :
          List.of(InstanceState.LEAVING, InstanceState.JOINING, InstanceState.PENDING)) {
        List<String> ids =
            ring.instances().stream()
                .filter(one -> one.state() == state && one.health().healthy())
                .map(Instance::id)
                .toList();
        if (!ids.isEmpty()) {
          add(
              Level.NOTICE,
              "",
              Words.names(ids) + (ids.size() == 1 ? " is " : " are ") + state + ".",
              effectOf(state),
              "");
        }
      }
      if (status.phase().filter("PENDING"::equals).isPresent()
          && ring.instance(status.selfId()).isEmpty()) {
        add(
            Level.NOTICE,
            "",
            "This node's instance has not registered yet.",
            "It owns no key.",
            "See the reasons at /ready.");
      }
    }

    private String effectOf(InstanceState state) {
      return switch (state) {
        case LEAVING -> "It still answers reads; writes go to the next owners.";
        case JOINING ->
            "It holds its tokens and watches for rivals for %d s before it serves."
                .formatted(status.observePeriod().toSeconds());
        default -> "It has no tokens yet.";
      };
    }

    private void alerts() {
      for (String alert : status.alerts()) {
        add(Level.ALARM, "alert", Words.sentence(alert), "", "");
      }
      for (String alert : node.alerts()) {
        add(Level.ALARM, "node alert", "This node: " + Words.sentence(alert), "", "");
      }
    }
  }
}
