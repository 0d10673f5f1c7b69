package io.ringdaemon.daemon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the threads of a daemon on this host do, asked of its JVM by the JDK's {@code jcmd}. */
final class LocalThreads {
  private static final String LISTENING = "0A";
  private static final long LIMIT_SECONDS = 10;

  private LocalThreads() {}

  /** The dump, or an {@link IOException} that says why there is none. */
  static byte[] dump(String url) throws IOException {
    URI uri = URI.create(url);
    if (!isHere(uri.getHost())) {
      throw new IOException("the daemon is on another host: run \"ring-daemon debug\" there");
    }
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      throw new IOException("no jcmd beside this Java: use a JDK");
    }
    int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    String pid =
        listener(port)
            .orElseThrow(
                () ->
                    new IOException(
                        "no process of yours listens on port " + port + ": try as its user"));
    return run(List.of(jcmd.toString(), pid, "Thread.print", "-l"));
  }

  private static boolean isHere(String host) throws UnknownHostException {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return InetAddress.getByName(bare).isLoopbackAddress();
  }

  /** The process with the socket that Linux says listens on {@code port}. */
  private static Optional<String> listener(int port) throws IOException {
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : lines(Path.of(table))) {
        String[] fields = line.strip().split(" +", -1);
        if (fields.length > 9
            && fields[1].endsWith(":%04X".formatted(port))
            && fields[3].equals(LISTENING)) {
          Optional<String> owner = owner("socket:[" + fields[9] + "]");
          if (owner.isPresent()) {
            return owner;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> lines(Path table) throws IOException {
    return Files.isReadable(table) ? Files.readAllLines(table) : List.of();
  }

  private static Optional<String> owner(String socket) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(process -> holds(process.resolve("fd"), socket))
          .map(process -> process.getFileName().toString())
          .findFirst();
    }
  }

  private static boolean holds(Path descriptors, String socket) {
    try (Stream<Path> all = Files.list(descriptors)) {
      return all.anyMatch(one -> target(one).equals(socket));
    } catch (IOException | UncheckedIOException notOurs) { // or it has ended meanwhile
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  private static byte[] run(List<String> command) throws IOException {
    Path out = Files.createTempFile("ring-daemon-threads", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("its JVM did not answer jcmd within " + LIMIT_SECONDS + " s");
      }
      byte[] told = Files.readAllBytes(out);
      if (process.exitValue() != 0) {
        throw new IOException("jcmd: " + new String(told, StandardCharsets.UTF_8).strip());
      }
      return told;
    } catch (InterruptedException stopped) {
      throw new IOException("interrupted", stopped);
    } finally {
      Files.delete(out);
    }
  }
}
