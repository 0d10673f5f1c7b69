package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A long line before a port of loopback: whatever is sent through it arrives so much later, in both
 * directions. Connections are taken up at once, as no relay can delay those.
 */
final class DelayingRelay implements AutoCloseable {
  private static final byte[] END = new byte[0];

  private final ServerSocket listening;
  private final int target;
  private final long delayNanos;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Piece(long due, byte[] bytes) {}

  /** Something that may fail when sockets close. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  DelayingRelay(int target, Duration delay) throws IOException {
    this.target = target;
    this.delayNanos = delay.toNanos();
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() throws IOException {
    while (!listening.isClosed()) {
      Socket dialer = listening.accept();
      sockets.add(dialer);
      try {
        Socket acceptor = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(acceptor);
        line(dialer, acceptor);
        line(acceptor, dialer);
      } catch (IOException refused) {
        dialer.close();
      }
    }
  }

  private void line(Socket from, Socket to) throws IOException {
    to.setTcpNoDelay(true);
    BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>(10_000);
    start(() -> read(from, pieces));
    start(() -> write(pieces, to));
  }

  private void read(Socket from, BlockingQueue<Piece> pieces)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        byte[] some = new byte[count];
        System.arraycopy(buffer, 0, some, 0, count);
        pieces.put(new Piece(System.nanoTime() + delayNanos, some));
      }
    } finally {
      pieces.put(new Piece(System.nanoTime() + delayNanos, END));
    }
  }

  /** The end of one is the end of the other. */
  private static void write(BlockingQueue<Piece> pieces, Socket to)
      throws IOException, InterruptedException {
    try (to) {
      OutputStream out = to.getOutputStream();
      while (true) {
        Piece next = pieces.take();
        TimeUnit.NANOSECONDS.sleep(next.due - System.nanoTime());
        if (next.bytes.length == 0) {
          return;
        }
        out.write(next.bytes);
      }
    }
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                return; // the end of a connection
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
