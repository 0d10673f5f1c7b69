package io.ringdaemon.gossip.sim;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A mesh in virtual time. Messages are delayed, lost, doubled and mixed up ({@link Conditions});
 * links can be cut, each way by itself. Failure detection is modelled by its outcome, as SWIM gives
 * it: a node that stops answering is SUSPECT after about a second and DEAD after about four, by
 * each observer at a moment of its own; who answers again is ALIVE within five seconds. A node
 * answers if both ways to it are open, or both to a helper who has both open to it.
 *
 * <p>Nothing is polled: what nodes think of each other is worked out when a node or link changes,
 * so a thousand nodes cost no more than their messages.
 *
 * <p><b>Not modelled:</b> the mesh's own messages and their cost; how a join spreads (whoever finds
 * one of its seeds is met by all others within a third of a second); congestion.
 */
public final class SimulatedMesh {
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final int DOUBTERS = 5;

  final VirtualTime time;
  final SplittableRandom chance;
  final Cuts cuts = new Cuts();
  private final List<MeshEnd> present = new ArrayList<>();
  private final Map<PeerId, MeshEnd> ends = new HashMap<>();
  private Conditions conditions = Conditions.CALM;
  private boolean doubting;
  private long changedAt;
  private long cutSince = -1;
  private long longestCut;
  private long messages;
  private long bytes;

  public SimulatedMesh(VirtualTime time, long seed) {
    this.time = time;
    this.chance = new SplittableRandom(seed ^ 0x5eed);
  }

  /**
   * A further node's end of the mesh; its life is the time on its own clock.
   *
   * @param seeds names through which it finds the others; empty: it finds everybody
   */
  public Mesh join(String name, VirtualTime.Node loop, Set<String> seeds) {
    MeshEnd end = new MeshEnd(this, name, loop, seeds);
    ends.put(end.id(), end);
    return end;
  }

  /** Treats messages so from now on. */
  public void conditions(Conditions conditions) {
    this.conditions = conditions;
    if (conditions.loss() > 0 && !doubting) {
      doubting = true;
      time.after(ROUND, this::doubtSomebody);
    }
  }

  public Conditions conditions() {
    return conditions;
  }

  /** Cuts the links between the groups, {@code "a b | c d"}; all earlier cuts are healed. */
  public void split(String groups) {
    List<List<String>> sides = new ArrayList<>();
    for (String side : groups.split("\\|", -1)) {
      sides.add(List.of(side.trim().split(" ", -1)));
    }
    split(sides);
  }

  public void split(List<List<String>> sides) {
    cuts.mendAll();
    for (List<String> side : sides) {
      for (List<String> other : sides) {
        if (side != other) {
          side.forEach(a -> other.forEach(b -> cuts.cut(a, b)));
        }
      }
    }
    changed();
  }

  /** Nothing that {@code from} sends reaches {@code to} any more; the other way stays open. */
  public void cut(String from, String to) {
    cuts.cut(from, to);
    changed();
  }

  public void mend(String from, String to) {
    cuts.mend(from, to);
    changed();
  }

  public void heal() {
    cuts.mendAll();
    changed();
  }

  /** Everybody who sees {@code name} ALIVE takes it for SUSPECT, wrongly, for {@code duration}. */
  public void doubt(String name, Duration duration) {
    MeshEnd doubted = running(name);
    if (doubted != null) {
      present.forEach(other -> other.doubts(doubted, duration));
    }
  }

  /** Whether two nodes that run can reach each other, be it through a helper. */
  public boolean reach(String a, String b) {
    MeshEnd one = running(a);
    MeshEnd other = running(b);
    return one != null && other != null && reach(one, other);
  }

  private MeshEnd running(String name) {
    return present.stream()
        .filter(end -> end.id().name().equals(name) && end.up())
        .findFirst()
        .orElse(null);
  }

  /** For how long no node came, went, froze or woke, and no link was cut or mended. */
  public Duration calmFor() {
    return Duration.ofNanos(time.nanoTime() - changedAt);
  }

  /** Messages given to the mesh since the start, lost ones too. */
  public long messages() {
    return messages;
  }

  /** Their bytes, without any headers. */
  public long bytes() {
    return bytes;
  }

  void came(MeshEnd end) {
    present.add(end);
    changed();
  }

  void went(MeshEnd end) {
    present.remove(end);
    present.stream().filter(MeshEnd::up).forEach(other -> other.answers(end, false));
    changedAt = time.nanoTime();
    if (cuts.any()) {
      changed(); // it may have been somebody's only helper
    }
  }

  /** Works out anew who reaches whom. */
  void changed() {
    changedAt = time.nanoTime();
    noteCuts();
    introduce();
    BitSet[] direct = cuts.any() ? directLinks() : null;
    for (int i = 0; i < present.size(); i++) {
      MeshEnd one = present.get(i);
      if (one.up() && one.introduced()) {
        one.forgetTheGone();
        for (int j = 0; j < present.size(); j++) {
          MeshEnd other = present.get(j);
          if (i != j && other.introduced()) {
            boolean reached =
                direct == null
                    ? other.up()
                    : other.up() && (direct[i].get(j) || direct[i].intersects(direct[j]));
            one.answers(other, reached);
          }
        }
      }
    }
  }

  private void noteCuts() {
    longestCut = longestCut().toNanos();
    if (!cuts.any()) {
      cutSince = -1;
    } else if (cutSince < 0) {
      cutSince = time.nanoTime();
    }
  }

  /** The longest time without all links whole. */
  Duration longestCut() {
    return Duration.ofNanos(Math.max(longestCut, cutSince < 0 ? 0 : time.nanoTime() - cutSince));
  }

  /** One node alone came, went, froze or woke. */
  void changed(MeshEnd end) {
    if (cuts.any() || !end.introduced()) {
      changed();
      return;
    }
    changedAt = time.nanoTime();
    boolean up = end.up();
    if (up) {
      end.forgetTheGone();
    }
    for (MeshEnd other : present) {
      if (other != end && other.introduced()) {
        if (other.up()) {
          other.answers(end, up);
        }
        if (up) {
          end.answers(other, other.up());
        }
      }
    }
  }

  /** Lets in who has found one of its seeds, or is one itself. */
  private void introduce() {
    boolean more = true;
    while (more) {
      more = false;
      for (MeshEnd end : present) {
        if (!end.introduced() && end.up() && findsSomebody(end)) {
          end.introduce();
          more = true;
        }
      }
    }
  }

  private boolean findsSomebody(MeshEnd end) {
    return end.seeds().isEmpty()
        || end.seeds().contains(end.id().name())
        || present.stream()
            .anyMatch(
                seed ->
                    end.seeds().contains(seed.id().name())
                        && seed.introduced()
                        && direct(end, seed));
  }

  private BitSet[] directLinks() {
    BitSet[] direct = new BitSet[present.size()];
    for (int i = 0; i < direct.length; i++) {
      direct[i] = new BitSet();
      for (int j = 0; j < direct.length; j++) {
        if (i != j && direct(present.get(i), present.get(j))) {
          direct[i].set(j);
        }
      }
    }
    return direct;
  }

  boolean direct(MeshEnd a, MeshEnd b) {
    return a.up() && b.up() && cuts.openBothWays(a.number(), b.number());
  }

  private boolean reach(MeshEnd a, MeshEnd b) {
    return direct(a, b)
        || present.stream().anyMatch(helper -> direct(a, helper) && direct(helper, b));
  }

  void carry(MeshEnd from, PeerId address, byte[] message) {
    messages++;
    bytes += message.length;
    MeshEnd to = ends.get(address);
    if (to == null || to.gone() || !cuts.open(from.number(), to.number())) {
      return;
    }
    if (conditions.loses(chance)) {
      return;
    }
    for (int copies = conditions.copies(chance); copies > 0; copies--) {
      time.after(
          conditions.delay(chance),
          () -> {
            if (cuts.open(from.number(), to.number())) {
              to.deliver(from.id(), message.clone());
            }
          });
    }
  }

  /** Says goodbye to whoever is there; who misses it takes the node for dead in time. */
  void goodbye(MeshEnd leaving) {
    for (MeshEnd other : present) {
      if (other != leaving
          && cuts.open(leaving.number(), other.number())
          && !conditions.loses(chance)) {
        time.after(conditions.delay(chance), () -> other.heardGoodbye(leaving));
      }
    }
  }

  MeshEnd end(PeerId id) {
    return ends.get(id);
  }

  /** Where messages get lost, pings do too, and the innocent are suspected until they refute it. */
  private void doubtSomebody() {
    if (conditions.loss() == 0 || conditions.loss() >= 1) {
      doubting = false; // at 1 the mesh would fall apart, which is what a split is for
      return;
    }
    time.after(ROUND, this::doubtSomebody);
    double likely = conditions.pingFails();
    for (int i = present.size(); i > 0; i--) {
      if (chance.nextDouble() < likely) {
        MeshEnd doubted = present.get(chance.nextInt(present.size()));
        Duration until = Duration.ofMillis(300 + chance.nextInt(1_200));
        for (int k = Math.min(DOUBTERS, present.size()); k > 0; k--) {
          present.get(chance.nextInt(present.size())).doubts(doubted, until);
        }
      }
    }
  }
}
