package io.ringdaemon.gossip.mesh.scalecube;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody in the middle: passes frames on, and does something to those of dialers. */
final class Relay implements AutoCloseable {
  /** Sees the dialer's frames, all numbers from 0 on; writes what the other side shall get. */
  interface Attack {
    void frame(int connection, int number, byte[] frame, Out out) throws IOException;
  }

  /** Where frames go. */
  interface Out {
    void send(byte[] frame) throws IOException;
  }

  private final ServerSocket listening;
  private final int target;
  private final Attack attack;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  Relay(int target, Attack attack) throws IOException {
    this.target = target;
    this.attack = attack;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  private void accept() throws IOException {
    while (!listening.isClosed()) {
      Socket dialer = listening.accept();
      int connection = connections.getAndIncrement();
      Socket acceptor = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.addAll(List.of(dialer, acceptor));
      start(() -> frames(connection, dialer, acceptor));
      start(
          () -> {
            try (dialer) { // the end of one is the end of the other
              acceptor.getInputStream().transferTo(dialer.getOutputStream());
            }
          });
    }
  }

  private void frames(int connection, Socket from, Socket to) throws IOException {
    DataInputStream in = new DataInputStream(from.getInputStream());
    DataOutputStream out = new DataOutputStream(to.getOutputStream());
    for (int number = 0; ; number++) {
      byte[] frame = in.readNBytes(in.readInt());
      attack.frame(
          connection,
          number,
          frame,
          bytes -> {
            out.writeInt(bytes.length);
            out.write(bytes);
            out.flush();
          });
    }
  }

  /** Something that may fail when sockets close. */
  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // the end of a connection
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
