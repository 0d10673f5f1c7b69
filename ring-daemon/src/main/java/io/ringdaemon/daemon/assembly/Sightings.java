package io.ringdaemon.daemon.assembly;

import io.ringdaemon.change.Change;
import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.time.World;
import io.ringdaemon.web.Sighting;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the other nodes over the mesh whether they still show instances that were forgotten, and
 * answers when they ask (docs/formats.md, "Sightings"). A question is repeated until all say that
 * none is left, for at most {@link #LIMIT}; loss costs a repetition. Nothing is changed by it.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> a question names as many instances as a
 * change may, and is dropped after {@link #LIMIT}.
 */
final class Sightings {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon");
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(150);
  private static final String TOPIC = "gone";
  private static final byte ASK = 1;
  private static final byte ANSWER = 2;
  private static final int NO_SUCH_RING = -1;

  private final World world;
  private final Mesh mesh;
  private final Courier courier;
  private final Map<String, RingMember> rings;
  private final Map<Long, Question> open = new LinkedHashMap<>();
  private long questions;

  Sightings(World world, Mesh mesh, Courier courier, Map<String, RingMember> rings) {
    this.world = world;
    this.mesh = mesh;
    this.courier = courier;
    this.rings = rings;
    courier.receive(TOPIC, this::received);
  }

  /** What every reachable peer says, by name; those without that ring are left out. */
  CompletionStage<List<Sighting>> gone(String ring, List<String> ids) {
    Question question = new Question(++questions, ring, ids);
    open.put(question.number, question);
    question.ask();
    return question.answer;
  }

  private final class Question {
    private final long number;
    private final byte[] message;
    private final long began = world.nanoTime();
    private final Map<PeerId, Sighting> peers = new LinkedHashMap<>();
    private final CompletableFuture<List<Sighting>> answer = new CompletableFuture<>();

    Question(long number, String ring, List<String> ids) {
      this.number = number;
      this.message =
          written(
              out -> {
                out.writeByte(ASK);
                out.writeLong(number);
                out.writeUTF(ring);
                out.writeInt(ids.size());
                for (String id : ids) {
                  out.writeUTF(id);
                }
              });
      mesh.peers().stream()
          .filter(peer -> peer.state().reachable())
          .map(Peer::id)
          .forEach(id -> peers.put(id, new Sighting(id.name(), false, List.of(), LIMIT)));
    }

    /** Asks whoever has not said that all are gone, and again in a while. */
    void ask() {
      if (peers.values().stream().allMatch(Sighting::gone) || elapsed().compareTo(LIMIT) >= 0) {
        open.remove(number);
        answer.complete(List.copyOf(peers.values()));
        return;
      }
      peers.forEach(
          (id, last) -> {
            if (!last.gone()) {
              courier.send(id.name(), id.life(), TOPIC, message);
            }
          });
      world
          .loop()
          .after(
              PAUSE,
              () -> {
                if (!answer.isDone()) {
                  ask();
                }
              });
    }

    void answered(PeerId from, int count, List<String> still) {
      if (count == NO_SUCH_RING) {
        peers.remove(from);
      } else {
        peers.computeIfPresent(
            from,
            (id, last) -> last.gone() ? last : new Sighting(id.name(), true, still, elapsed()));
      }
      if (peers.values().stream().allMatch(Sighting::gone)) {
        ask(); // ends it
      }
    }

    private Duration elapsed() {
      return Duration.ofNanos(world.nanoTime() - began);
    }
  }

  private void received(String node, long life, byte[] message) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message))) {
      byte kind = in.readByte();
      long number = in.readLong();
      if (kind == ASK) {
        String ring = in.readUTF();
        List<String> ids = ids(in, in.readInt());
        courier.send(node, life, TOPIC, answer(number, ring, ids));
      } else if (kind == ANSWER) {
        int count = in.readInt();
        List<String> still = ids(in, Math.max(0, count));
        Question question = open.get(number);
        if (question != null) {
          question.answered(new PeerId(node, life), count, still);
        }
      }
    } catch (IOException unreadable) {
      LOG.log(
          Level.WARNING, "a message about sightings from {0} can't be read: {1}", node, unreadable);
    }
  }

  private static List<String> ids(DataInputStream in, int count) throws IOException {
    if (count < 0 || count > Change.MOST_IDS) {
      throw new IOException(count + " instances, " + Change.MOST_IDS + " are allowed");
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(in.readUTF());
    }
    return ids;
  }

  private byte[] answer(long number, String ring, List<String> ids) {
    RingMember member = rings.get(ring);
    List<String> still =
        member == null ? List.of() : ids.stream().filter(member.ring()::hasInstance).toList();
    return written(
        out -> {
          out.writeByte(ANSWER);
          out.writeLong(number);
          out.writeInt(member == null ? NO_SUCH_RING : still.size());
          for (String id : still) {
            out.writeUTF(id);
          }
        });
  }

  /** What writes a message. */
  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      content.writeTo(out);
    } catch (IOException impossible) { // into memory
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
