package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.time.Loop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a peer, from the attempt to the end.
 *
 * <pre>
 *   DIALING ──connected──▶ GREETING ──Hello fits──▶ OPEN ──▶ CLOSED (from anywhere)
 *                accepted ───▲
 * </pre>
 *
 * What is sent before it is open waits here. Confined to the loop, except {@link #arrived} and
 * {@link #handled}. <b>Bounds:</b> 256 frames and 1 MiB wait to be sent; reading pauses while 4 MiB
 * wait to be handled.
 */
final class Link {
  /** Which way, and what for: pings must never wait behind batches. */
  enum Lane {
    MEMBERSHIP,
    GOSSIP,
    INBOUND
  }

  enum State {
    DIALING,
    GREETING,
    OPEN,
    CLOSED
  }

  private static final class Waiting {
    private final byte[] frame;
    private final Wire.Delivery delivery;

    private Waiting(byte[] frame, Wire.Delivery delivery) {
      this.frame = frame;
      this.delivery = delivery;
    }
  }

  private static final int MOST_WAITING = 256;
  private static final long MOST_UNHANDLED = 4L << 20;

  final Lane lane;

  /** The address dialed; of a caller the address of its socket. */
  final String address;

  State state;
  Wire.@Nullable Pipe pipe;
  @Nullable Hello peer; // known from OPEN on
  Loop.@Nullable Timer deadline; // of the handshake
  long lastUsed;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private final AtomicLong unhandled = new AtomicLong();

  Link(Lane lane, String address, State state, long now) {
    this.lane = lane;
    this.address = address;
    this.state = state;
    this.lastUsed = now;
  }

  Optional<Hello> peer() {
    return Optional.ofNullable(peer);
  }

  /** The address without a port: that of a caller's socket is another one each time. */
  String host() {
    String bare = address.startsWith("/") ? address.substring(1) : address;
    return Address.written(bare).map(Address.Written::host).orElse(bare);
  }

  boolean outbound() {
    return lane != Lane.INBOUND;
  }

  /** Sends now, or when open. */
  void send(byte[] frame, Wire.Delivery delivery, long now) {
    lastUsed = now;
    if (state == State.OPEN && pipe != null) {
      pipe.send(frame, delivery);
      return;
    }
    if (state == State.CLOSED) {
      delivery.lost("unreachable");
      return;
    }
    boolean full =
        waiting.size() >= MOST_WAITING || waitingBytes + frame.length > Wire.LARGEST_FRAME;
    if (full && !waiting.isEmpty()) {
      delivery.lost("not_writable");
      return;
    }
    waiting.add(new Waiting(frame, delivery));
    waitingBytes += frame.length;
  }

  /** Sends a frame of the handshake, ahead of what waits. */
  void greet(Frame frame) {
    if (pipe != null) {
      pipe.send(frame.toByteArray(), Wire.Delivery.IGNORED);
    }
  }

  void open(Hello theirs) {
    peer = theirs;
    state = State.OPEN;
    cancelDeadline();
    Wire.Pipe out = pipe;
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      if (out == null) {
        next.delivery.lost("unreachable");
      } else {
        out.send(next.frame, next.delivery);
      }
    }
    waitingBytes = 0;
  }

  /** Ends it; what waits is lost. False if it was closed already. */
  boolean close() {
    if (state == State.CLOSED) {
      return false;
    }
    state = State.CLOSED;
    cancelDeadline();
    if (pipe != null) {
      pipe.close();
    }
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      next.delivery.lost("unreachable");
    }
    return true;
  }

  /** Bytes came from {@code from} and wait for the loop. On the wire's thread. */
  void arrived(Wire.Pipe from, int bytes) {
    if (unhandled.addAndGet(bytes) > MOST_UNHANDLED) {
      from.reading(false);
    }
  }

  /** The loop is done with them. */
  void handled(Wire.Pipe from, int bytes) {
    long left = unhandled.addAndGet(-bytes);
    if (left <= MOST_UNHANDLED && left + bytes > MOST_UNHANDLED) {
      from.reading(true);
    }
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }
}
