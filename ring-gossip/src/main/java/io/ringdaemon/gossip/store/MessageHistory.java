package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Message;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The last messages sent and received, for a page. Keeps messages, not their text: that is made
 * when somebody looks.
 *
 * <p><b>Threading:</b> any thread. <b>Bounds:</b> {@link #MOST} messages each way, and as many of
 * them as take {@link #MOST_BYTES} on the wire.
 */
public final class MessageHistory {
  private static final int MOST = 100;
  private static final int MOST_BYTES = 1 << 20;

  /**
   * A message.
   *
   * @param id rises, over both directions
   * @param sent by this node; else received
   * @param peer the other node
   * @param changed keys that it changed here
   */
  public record Noted(
      long id,
      Instant at,
      boolean sent,
      PeerId peer,
      int bytes,
      Message message,
      List<String> changed) {}

  private static final class Way {
    private final Deque<Noted> messages = new ArrayDeque<>();
    private long bytes;

    private void add(Noted noted) {
      messages.addLast(noted);
      bytes += noted.bytes();
      while (messages.size() > MOST || (bytes > MOST_BYTES && messages.size() > 1)) {
        bytes -= messages.removeFirst().bytes();
      }
    }
  }

  private final Way sent = new Way();
  private final Way received = new Way();
  private long last;

  synchronized void sent(Instant at, PeerId to, int bytes, Message message) {
    sent.add(new Noted(++last, at, true, to, bytes, message, List.of()));
  }

  synchronized void received(
      Instant at, PeerId from, int bytes, Message message, List<String> changed) {
    received.add(new Noted(++last, at, false, from, bytes, message, changed));
  }

  /** Both ways, the newest first. */
  public synchronized List<Noted> newest() {
    List<Noted> all = new ArrayList<>();
    Iterator<Noted> some = sent.messages.descendingIterator();
    some.forEachRemaining(all::add);
    received.messages.descendingIterator().forEachRemaining(all::add);
    all.sort((a, b) -> Long.compare(b.id(), a.id()));
    return all;
  }

  /** The message of that number, if it is still kept. */
  public Optional<Noted> find(long id) {
    return newest().stream().filter(noted -> noted.id() == id).findFirst();
  }
}
