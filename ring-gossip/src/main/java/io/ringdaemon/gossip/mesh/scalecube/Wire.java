package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.security.Credentials;
import io.ringdaemon.gossip.mesh.security.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Connections that carry frames, and whatever may block: Netty in life ({@link NettyWire}), memory
 * and virtual time in tests. It decides nothing; {@link Links} does.
 *
 * <p><b>Threading:</b> every method from any thread, none blocks. Callbacks come on the wire's own
 * thread, those of one pipe in order; they hand over to the loop.
 */
interface Wire {
  /** Largest frame, both ways, before it is sealed. */
  int LARGEST_FRAME = 1 << 20;

  /** From now on new connections use these; before the first one is made or taken. */
  void use(Credentials credentials);

  /** Listens on an IP literal; completes with the port bound. {@code accepted} sees each caller. */
  CompletionStage<Integer> bind(String host, int port, Function<Pipe, PipeListener> accepted);

  /** Connects; then calls {@code connected}, or {@code failed} with the reason in words. */
  void dial(
      Address to,
      Duration timeout,
      Function<Pipe, PipeListener> connected,
      Consumer<String> failed);

  /** Addresses of a host name; blocks, so only on {@link #blocking}. */
  InetAddress[] lookup(String host) throws UnknownHostException;

  /** The domain name system, for what asks for it by name. */
  Names names();

  /** For name service and other things that block; may refuse when too much is waiting. */
  Executor blocking();

  /** Runs {@code task} after {@code delay}, on the wire's own thread; not after it was closed. */
  void later(Duration delay, Runnable task);

  /** Closes everything; completes when the port is free. Idempotent. */
  CompletionStage<Void> close();

  /** One connection, as its owner sees it. */
  interface Pipe {
    /** Sends one frame; lost where the other side reads too slowly. */
    void send(byte[] frame, Delivery delivery);

    /** Whether what is sent now would not be lost. */
    boolean writable();

    /** Closes once everything sent so far is out. */
    void close();

    /** Stops or goes on reading what the peer sends. */
    void reading(boolean on);

    /** The other side, for logs. */
    String remote();
  }

  /** What happens on one connection. */
  interface PipeListener {
    void frame(byte[] frame);

    /** The peer can't be understood; the owner closes. Nothing but {@link #closed} comes after. */
    void broken(Fault fault);

    void closed();
  }

  /** What became of a frame; exactly one of the two is called, on any thread. */
  interface Delivery {
    Delivery IGNORED =
        new Delivery() {
          @Override
          public void written() {}

          @Override
          public void lost(String why) {}
        };

    void written();

    void lost(String why);
  }
}
