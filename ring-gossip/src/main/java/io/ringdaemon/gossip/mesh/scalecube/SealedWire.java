package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.security.Credentials;
import io.ringdaemon.gossip.mesh.security.Fault;
import io.ringdaemon.gossip.mesh.security.KeyRing;
import io.ringdaemon.gossip.mesh.security.SealedSession;
import io.ringdaemon.gossip.mesh.security.Side;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Another wire, every frame of which is sealed: {@link SealedSession}. A connection keeps the keys
 * it began with, and ends when one of those it uses is taken out of the list.
 *
 * <p><b>Threading:</b> as {@link Wire}; a connection's frames are sealed under a lock of its own,
 * by whoever sends. <b>Bounds:</b> 4 frames wait for the other side's greeting, which {@link Links}
 * waits for, too.
 */
final class SealedWire implements Wire {
  private static final int MOST_WAITING = 4;

  private final Wire wire;
  private final RandomGenerator chance;
  private final Set<SealedPipe> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable KeyRing keys;

  /** {@code chance} must be a secure one. */
  SealedWire(Wire wire, RandomGenerator chance) {
    this.wire = wire;
    this.chance = chance;
  }

  @Override
  public void use(Credentials credentials) {
    keys = (KeyRing) credentials;
    open.forEach(SealedPipe::endIfKeyIsGone);
  }

  private KeyRing keys() {
    KeyRing ring = keys;
    if (ring == null) {
      throw new IllegalStateException("no keys yet");
    }
    return ring;
  }

  @Override
  public CompletionStage<Integer> bind(
      String host, int port, Function<Pipe, PipeListener> accepted) {
    return wire.bind(host, port, pipe -> new SealedPipe(pipe, Side.ACCEPTOR).owned(accepted));
  }

  @Override
  public void dial(
      Address to,
      Duration timeout,
      Function<Pipe, PipeListener> connected,
      Consumer<String> failed) {
    wire.dial(
        to, timeout, pipe -> new SealedPipe(pipe, Side.DIALER).greet().owned(connected), failed);
  }

  @Override
  public InetAddress[] lookup(String host) throws UnknownHostException {
    return wire.lookup(host);
  }

  @Override
  public Names names() {
    return wire.names();
  }

  @Override
  public void later(Duration delay, Runnable task) {
    wire.later(delay, task);
  }

  @Override
  public Executor blocking() {
    return wire.blocking();
  }

  @Override
  public CompletionStage<Void> close() {
    return wire.close();
  }

  private final class SealedPipe implements Pipe, PipeListener, SealedSession.Outcome {
    private final Pipe pipe;
    private final Side side;
    private final SealedSession session; // guarded by this, as is waiting
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private @Nullable PipeListener listener; // set before the first frame comes
    private boolean broken; // on the wire's thread

    private SealedPipe(Pipe pipe, Side side) {
      this.pipe = pipe;
      this.side = side;
      this.session = new SealedSession(side, keys(), chance);
      open.add(this);
      endIfKeyIsGone(); // the list may have changed in between
    }

    private SealedPipe greet() {
      pipe.send(session.hello(), Delivery.IGNORED);
      return this;
    }

    private PipeListener owned(Function<Pipe, PipeListener> owner) {
      listener = owner.apply(this);
      return this;
    }

    private synchronized void endIfKeyIsGone() {
      if (!session.usesOnly(keys())) {
        pipe.close();
      }
    }

    @Override
    public synchronized void send(byte[] frame, Delivery delivery) {
      if (session.ready()) {
        sealAndSend(frame, delivery);
      } else if (waiting.size() < MOST_WAITING) {
        waiting.add(() -> sealAndSend(frame, delivery));
      } else {
        delivery.lost("not_writable");
      }
    }

    /** A frame once sealed must go out, or those after it would not open. */
    private void sealAndSend(byte[] frame, Delivery delivery) {
      if (!pipe.writable()) {
        delivery.lost("not_writable");
        return;
      }
      pipe.send(
          session.seal(frame),
          new Delivery() {
            @Override
            public void written() {
              delivery.written();
            }

            @Override
            public void lost(String why) {
              pipe.close();
              delivery.lost(why);
            }
          });
    }

    @Override
    public void frame(byte[] frame) {
      if (broken) {
        return;
      }
      synchronized (this) {
        session.received(frame, this);
      }
    }

    @Override
    public void greeted() {
      if (side == Side.ACCEPTOR) {
        pipe.send(session.hello(), Delivery.IGNORED);
      }
      waiting.forEach(Runnable::run);
      waiting.clear();
    }

    @Override
    public void opened(byte[] frame) {
      if (listener != null) {
        listener.frame(frame);
      }
    }

    @Override
    public void refused(Fault fault, byte[] answer) {
      if (answer.length > 0) {
        pipe.send(answer, Delivery.IGNORED);
      }
      broken(fault);
    }

    @Override
    public void broken(Fault fault) {
      broken = true;
      if (listener != null) {
        listener.broken(fault);
      }
    }

    @Override
    public void closed() {
      open.remove(this);
      if (listener != null) {
        listener.closed();
      }
    }

    @Override
    public boolean writable() {
      return pipe.writable();
    }

    @Override
    public void close() {
      pipe.close();
    }

    @Override
    public void reading(boolean on) {
      pipe.reading(on);
    }

    @Override
    public String remote() {
      return pipe.remote();
    }
  }
}
