package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.World;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/**
 * Turns {@link Seed}s as written into addresses, names anew each time. What can't be asked just now
 * keeps its last good answer, as dskit has it; what the name service takes long for is there the
 * next time, so that one slow name holds up no other.
 *
 * <p>Confined to the loop. <b>Time:</b> 1 s; a name is never asked for twice at once.
 * <b>Bounds:</b> 1,000 addresses a seed; of an SRV answer 10 targets drawn by chance; answers kept
 * for 2,000 seeds. Source: reference/scalecube.md 2.2, 5.1.
 */
final class Resolver {
  static final int SAMPLE = 10;
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int MOST_KEPT = 2_000;

  /** What a seed means today: addresses, or why there are none. */
  record Found(Set<String> addresses, String trouble) {}

  private final World world;
  private final Wire wire;
  private final Map<String, Found> kept =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
          return size() > MOST_KEPT;
        }
      };
  private final Map<String, CompletableFuture<Void>> asking = new LinkedHashMap<>();
  private final Deque<Runnable> hosts = new ArrayDeque<>(); // what blocks waits for its turn here
  private boolean blocked;

  Resolver(World world, Wire wire) {
    this.world = world;
    this.wire = wire;
  }

  /** Every text given is a key. Never fails; completes on the loop. */
  CompletionStage<Map<String, Found>> resolve(Collection<String> written) {
    assert world.loop().inside();
    List<String> wanted = List.copyOf(written);
    CompletableFuture<?>[] open =
        wanted.stream()
            .map(this::ask)
            .flatMap(Optional::stream)
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Map<String, Found>> answer = new CompletableFuture<>();
    if (open.length == 0) {
      answer.complete(known(wanted));
      return answer;
    }
    var timer = world.loop().after(LONGEST, () -> answer.complete(known(wanted)));
    var unused =
        CompletableFuture.allOf(open)
            .thenRun(
                () -> {
                  timer.cancel();
                  answer.complete(known(wanted));
                });
    return answer;
  }

  /** So many of them, drawn by chance. */
  static List<String> sample(Collection<String> addresses, int most, RandomGenerator chance) {
    List<String> drawn = new ArrayList<>(addresses);
    for (int i = 0; i < Math.min(most, drawn.size()); i++) {
      int j = i + chance.nextInt(drawn.size() - i);
      String swapped = drawn.get(i);
      drawn.set(i, drawn.get(j));
      drawn.set(j, swapped);
    }
    return List.copyOf(drawn.subList(0, Math.min(most, drawn.size())));
  }

  private Map<String, Found> known(List<String> written) {
    Map<String, Found> found = new LinkedHashMap<>();
    for (String text : written) {
      found.put(
          text, kept.getOrDefault(text, new Found(Set.of(), "the name service takes too long")));
    }
    return found;
  }

  /** Begins to ask unless that is under way; nothing to wait for with a literal. */
  private Optional<CompletableFuture<Void>> ask(String text) {
    Optional<Seed> seed = Seed.parse(text);
    if (seed.isEmpty()) {
      kept.put(text, new Found(Set.of(), "no address"));
      return Optional.empty();
    }
    Optional<Address> literal = Address.literal(seed.get().host(), seed.get().port());
    if (literal.isPresent()) {
      boolean good = literal.get().dialable();
      Set<String> one = good ? Set.of(literal.get().toString()) : Set.of();
      kept.put(text, new Found(one, good ? "" : "nobody can be at this address"));
      return Optional.empty();
    }
    CompletableFuture<Void> open = asking.get(text);
    if (open == null) {
      CompletableFuture<Void> begun = new CompletableFuture<>();
      asking.put(text, begun);
      lookup(seed.get())
          .whenComplete(
              (found, failure) ->
                  world.loop().execute(() -> answered(text, begun, found, failure)));
      return Optional.of(begun);
    }
    return Optional.of(open);
  }

  private void answered(
      String text, CompletableFuture<Void> open, Set<String> found, Throwable failure) {
    asking.remove(text);
    if (failure == null && !found.isEmpty()) {
      kept.put(text, new Found(found, ""));
    } else {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      String why =
          cause instanceof Names.Unknown unknown
              ? String.valueOf(unknown.getMessage())
              : cause == null ? "no address of it can be dialed" : cause.toString();
      kept.merge(text, new Found(Set.of(), why), (last, none) -> new Found(last.addresses(), why));
    }
    open.complete(null);
  }

  private CompletionStage<Set<String>> lookup(Seed seed) {
    return switch (seed.kind()) {
      case HOST -> host(seed.host()).thenApply(ips -> addresses(ips, seed.port()));
      case DNS -> wire.names().addresses(seed.host()).thenApply(ips -> addresses(ips, seed.port()));
      case SERVICE, SERVICE_TARGETS ->
          wire.names()
              .services(seed.host())
              .thenCompose(
                  targets -> {
                    CompletableFuture<Set<String>> all = new CompletableFuture<>();
                    world.loop().execute(() -> new Targets(seed, all).look(targets));
                    return all;
                  });
    };
  }

  /** The system's name service blocks: one question at a time, so that threads stay for others. */
  private CompletionStage<List<InetAddress>> host(String name) {
    CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    hosts.add(
        () -> {
          try {
            answer.complete(List.of(wire.lookup(name)));
          } catch (UnknownHostException | SecurityException e) {
            answer.completeExceptionally(new Names.Unknown("unknown host"));
          }
          world
              .loop()
              .execute(
                  () -> {
                    blocked = false;
                    nextHost();
                  });
        });
    nextHost();
    return answer;
  }

  private void nextHost() {
    Runnable next = blocked ? null : hosts.poll();
    if (next != null) {
      blocked = true;
      try {
        wire.blocking().execute(next);
      } catch (RejectedExecutionException e) {
        blocked = false; // too much waits already: later, with the next question
        hosts.addFirst(next);
      }
    }
  }

  private static Set<String> addresses(List<InetAddress> ips, int port) {
    Set<String> addresses = new LinkedHashSet<>();
    for (InetAddress ip : ips) {
      Address address = Address.of(ip, port);
      if (address.dialable() && addresses.size() < Names.MOST) {
        addresses.add(address.toString());
      }
    }
    return addresses;
  }

  /** Gathers the addresses of the targets of an SRV answer; those not found are left out. */
  private final class Targets {
    private final Seed seed;
    private final CompletableFuture<Set<String>> all;
    private final Set<String> found = new LinkedHashSet<>();
    private int open;

    private Targets(Seed seed, CompletableFuture<Set<String>> all) {
      this.seed = seed;
      this.all = all;
    }

    private void look(List<Names.Target> targets) {
      Map<String, Names.Target> byText = new LinkedHashMap<>();
      targets.forEach(target -> byText.put(target.toString(), target));
      List<String> drawn = sample(byText.keySet(), SAMPLE, world.chance());
      open = drawn.size();
      for (String text : drawn) {
        Names.Target target = byText.getOrDefault(text, targets.get(0));
        int port = seed.port() == 0 ? target.port() : seed.port();
        ips(target.host())
            .whenComplete(
                (ips, failure) ->
                    world
                        .loop()
                        .execute(() -> arrived(failure == null ? addresses(ips, port) : Set.of())));
      }
    }

    private CompletionStage<List<InetAddress>> ips(String host) {
      String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
      Optional<Address> literal = Address.literal(bare, 1);
      if (literal.isPresent()) {
        return CompletableFuture.completedFuture(List.of(literal.get().ip()));
      }
      return seed.kind() == Seed.Kind.SERVICE ? wire.names().addresses(host) : host(bare);
    }

    private void arrived(Set<String> addresses) {
      found.addAll(addresses);
      open--;
      if (open == 0 && found.isEmpty()) {
        all.completeExceptionally(new Names.Unknown("none of its targets has an address"));
      } else if (open == 0) {
        all.complete(found);
      }
    }
  }
}
