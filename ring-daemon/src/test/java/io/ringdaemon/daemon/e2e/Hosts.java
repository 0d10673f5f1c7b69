package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Hosts of one network: a network namespace each, joined by a bridge in a further one. Nothing of
 * it touches the network of the machine; {@link #close} removes all. What crosses the bridge can be
 * lost by chance or altogether, by nftables, and no end is told. A host's own loopback is spared:
 * through it a host is asked, by curl inside it, even while it is cut off.
 */
final class Hosts implements AutoCloseable {
  private final String prefix = "rd-" + ProcessHandle.current().pid() + "-";
  private final List<String> namespaces = new ArrayList<>();

  /** Makes {@code count} hosts, numbered from 1. */
  Hosts(int count) throws IOException, InterruptedException {
    try {
      add("hub");
      run("ip", "-n", prefix + "hub", "link", "add", "bridge", "type", "bridge");
      run("ip", "-n", prefix + "hub", "link", "set", "bridge", "up");
      nft("add table bridge faults");
      nft("add chain bridge faults wire { type filter hook forward priority 0; }");
      for (int i = 1; i <= count; i++) {
        add(Integer.toString(i));
        host(i);
      }
    } catch (IOException | InterruptedException failed) {
      close();
      throw failed;
    }
  }

  /** Why there can be no such hosts here; empty if there can. */
  static Optional<String> obstacle() throws InterruptedException {
    for (String tool : List.of("ip", "nft", "curl")) {
      if (program(tool).isEmpty()) {
        return Optional.of(tool + " is missing: apt-get install iproute2 nftables curl");
      }
    }
    try (Hosts hosts = new Hosts(1)) {
      hosts.lose(5);
      return Optional.empty();
    } catch (IOException refused) {
      return Optional.of("no network namespaces with nftables here: " + refused.getMessage());
    }
  }

  private static Optional<Path> program(String name) {
    for (String folder : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":", -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private void add(String name) throws IOException, InterruptedException {
    run("ip", "netns", "add", prefix + name);
    namespaces.add(prefix + name);
    run("ip", "-n", prefix + name, "link", "set", "lo", "up");
  }

  private void host(int i) throws IOException, InterruptedException {
    String host = prefix + i;
    String hub = prefix + "hub";
    run(
        ("ip -n " + hub + " link add port" + i + " type veth peer name net0 netns " + host)
            .split(" ", -1));
    run("ip", "-n", hub, "link", "set", "port" + i, "master", "bridge", "up");
    run("ip", "-n", host, "address", "add", address(i) + "/24", "dev", "net0");
    run("ip", "-n", host, "link", "set", "net0", "up");
  }

  /** Where the others reach host {@code i}. */
  static String address(int i) {
    return "10.77.0." + i;
  }

  /** The command, as it is started in host {@code i}; the process is the command itself. */
  List<String> in(int i, List<String> command) {
    List<String> all =
        new ArrayList<>(List.of(program("ip").orElseThrow().toString(), "netns", "exec"));
    all.add(prefix + i);
    all.addAll(command);
    return all;
  }

  /** Of all packets to each host so many in a hundred are lost from now on. */
  void lose(int percent) throws IOException, InterruptedException {
    nft("add rule bridge faults wire numgen random mod 100 < " + percent + " drop");
  }

  /** Nothing leaves host {@code i} or reaches it any more. */
  void cutOff(int i) throws IOException, InterruptedException {
    String rule = "add rule bridge faults wire %sifname port" + i + " drop; ";
    nft(rule.formatted("i") + rule.formatted("o")); // one transaction: both ways at once
  }

  /** Nothing is lost any more. */
  void heal() throws IOException, InterruptedException {
    nft("flush table bridge faults");
  }

  private void nft(String rules) throws IOException, InterruptedException {
    run("ip", "netns", "exec", prefix + "hub", program("nft").orElseThrow().toString(), rules);
  }

  /** Runs a command in host {@code i}; what it wrote. */
  String ask(int i, String... command) throws IOException, InterruptedException {
    return run(in(i, List.of(command)).toArray(String[]::new));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, program(words.get(0)).map(Path::toString).orElse(words.get(0)));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  @Override
  public void close() {
    for (String namespace : namespaces) {
      try {
        run("ip", "netns", "del", namespace);
      } catch (IOException gone) {
        System.err.println(gone.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
