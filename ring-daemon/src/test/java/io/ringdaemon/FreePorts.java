package io.ringdaemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports for programs that tests start. They lie below those a system takes for outgoing connections
 * (Linux: from 32768), one of which would else take the port before its program or while that is
 * restarted.
 */
public final class FreePorts {
  private static final int FIRST = 15_000;
  private static final int END = 32_000;
  private static final int TRIES = 1000;

  private FreePorts() {}

  /** A port that was free a moment ago. */
  public static int one() {
    return run(1);
  }

  /** The first of {@code count} ports in a row that were free a moment ago. */
  public static int run(int count) {
    return ThreadLocalRandom.current()
        .ints(TRIES, FIRST, END - count)
        .filter(first -> IntStream.range(first, first + count).allMatch(FreePorts::free))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + count + " free ports in a row"));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (java.net.BindException taken) {
      return false;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
