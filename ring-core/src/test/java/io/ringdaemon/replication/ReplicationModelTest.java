package io.ringdaemon.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.Rings;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sets, answers and hedging against a slow reference that, after every answer, works the
 * verdict out anew from the whole history, by the words of reference/ring-semantics.md 5.9, 5.10.
 */
class ReplicationModelTest {
  private static final Duration TICK = Duration.ofMillis(10);

  static LongStream seeds() {
    String replay = System.getProperty("seed");
    return replay == null ? LongStream.range(0, 2_000) : LongStream.of(Long.parseLong(replay));
  }

  private enum Kind {
    OK,
    CLIENT,
    ERROR,
    TERMINAL
  }

  private record Heard(int at, Kind kind) {}

  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Kind kind;

    private Failed(Kind kind) {
      this.kind = kind;
    }
  }

  /** Empty: go on; else what it ended with: positions returned, or none for a failure. */
  private record Verdict(boolean success, Set<Integer> returned) {}

  private final List<Heard> history = new ArrayList<>();
  private final Set<Integer> askedAt = new TreeSet<>();
  private final List<Integer> cleaned = new ArrayList<>();
  private final Map<Integer, Cancellation> calls = new TreeMap<>();
  private Optional<Verdict> actual = Optional.empty();
  private int endedAfter = -1;

  private static Kind kind(SplittableRandom chance) {
    int drawn = chance.nextInt(20);
    return drawn < 13 ? Kind.OK : drawn < 19 ? Kind.ERROR : Kind.TERMINAL;
  }

  private static String zone(Instance instance) {
    return instance.zone();
  }

  private static Optional<Verdict> verdict(ReplicationSet set, List<Heard> heard) {
    List<Instance> all = set.instances();
    Set<String> zones = all.stream().map(Instance::zone).collect(Collectors.toSet());
    boolean zoned = set.zoneAware() || set.maxUnavailableZones() > 0;
    Set<String> broken = new HashSet<>();
    int errors = 0;
    for (Heard one : heard) {
      String zone = zone(all.get(one.at()));
      if (one.kind() == Kind.TERMINAL && !(zoned && broken.contains(zone))) {
        return Optional.of(new Verdict(false, Set.of()));
      }
      if (one.kind() != Kind.OK) {
        errors++;
        broken.add(zone);
      }
    }
    Set<Integer> good =
        heard.stream()
            .filter(one -> one.kind() == Kind.OK)
            .map(Heard::at)
            .collect(Collectors.toSet());
    if (!zoned) {
      return good.size() >= all.size() - set.maxErrors()
          ? Optional.of(new Verdict(true, good))
          : errors > set.maxErrors() ? Optional.of(new Verdict(false, Set.of())) : Optional.empty();
    }
    Set<Integer> complete =
        IntStream.range(0, all.size())
            .filter(
                at ->
                    IntStream.range(0, all.size())
                        .filter(other -> zone(all.get(other)).equals(zone(all.get(at))))
                        .allMatch(good::contains))
            .boxed()
            .collect(Collectors.toSet());
    long completeZones = complete.stream().map(at -> zone(all.get(at))).distinct().count();
    return completeZones >= zones.size() - set.maxUnavailableZones()
        ? Optional.of(new Verdict(true, complete))
        : broken.size() > set.maxUnavailableZones()
            ? Optional.of(new Verdict(false, Set.of()))
            : Optional.empty();
  }

  private static int groupsAsked(ReplicationSet set, Set<Integer> asked) {
    boolean zoned = set.zoneAware() || set.maxUnavailableZones() > 0;
    return zoned
        ? (int) asked.stream().map(at -> zone(set.instances().get(at))).distinct().count()
        : asked.size();
  }

  private static int groupsFailed(ReplicationSet set, List<Heard> heard) {
    return groupsAsked(
        set,
        heard.stream()
            .filter(one -> one.kind() != Kind.OK)
            .map(Heard::at)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aQuorumCallEndsWhenAndAsThePlainReadingSays(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    VirtualTime time = new VirtualTime(seed);
    VirtualTime.Node node = time.node();
    int size = 1 + chance.nextInt(9);
    int zoneCount = 1 + chance.nextInt(4);
    boolean zoned = chance.nextBoolean();
    String text =
        IntStream.range(0, size)
            .mapToObj(i -> "i%d@z%d:ACTIVE:".formatted(i, chance.nextInt(zoneCount)))
            .collect(Collectors.joining(" "));
    List<Instance> instances = Rings.of(text, 1, false).instances();
    ReplicationSet set =
        zoned
            ? new ReplicationSet(instances, 0, chance.nextInt(zoneCount), true)
            : new ReplicationSet(instances, chance.nextInt(size));
    Hedging hedging =
        List.of(Hedging.ALL, Hedging.FEWEST, Hedging.after(TICK)).get(chance.nextInt(3));
    int groups = groupsAsked(set, new TreeSet<>(IntStream.range(0, size).boxed().toList()));
    int needed = groups - (zoned ? set.maxUnavailableZones() : set.maxErrors());
    List<Kind> kinds = IntStream.range(0, size).mapToObj(i -> kind(chance)).toList();
    List<Integer> millis = IntStream.range(0, size).mapToObj(i -> 1 + chance.nextInt(45)).toList();
    QuorumOptions<Integer> options =
        QuorumOptions.<Integer>defaults()
            .withHedging(hedging)
            .withTerminal(e -> ((Failed) e).kind == Kind.TERMINAL)
            .withCleanup(cleaned::add);
    node.execute(
        () -> {
          QuorumCall<Integer> call =
              QuorumCall.untilQuorum(
                  node.world(),
                  set,
                  (instance, own) -> {
                    int at = instances.indexOf(instance);
                    assertThat(askedAt.add(at)).as("asked twice").isTrue();
                    calls.put(at, own);
                    CompletableFuture<Integer> answer = new CompletableFuture<>();
                    node.after(
                        Duration.ofNanos(millis.get(at) * 1_000_000L + at + 1),
                        () -> {
                          history.add(new Heard(at, kinds.get(at)));
                          if (kinds.get(at) == Kind.OK) {
                            answer.complete(at);
                          } else {
                            answer.completeExceptionally(new Failed(kinds.get(at)));
                          }
                        });
                    return answer;
                  },
                  options);
          var unused =
              call.result()
                  .whenComplete(
                      (answers, error) -> {
                        endedAfter = history.size();
                        actual =
                            Optional.of(
                                error == null
                                    ? new Verdict(
                                        true,
                                        answers.stream()
                                            .map(Answer::value)
                                            .collect(Collectors.toSet()))
                                    : new Verdict(false, Set.of()));
                      });
        });
    for (int ms = 0; ms < 500; ms++) {
      time.runFor(Duration.ofMillis(1));
      if (actual.isEmpty()) {
        // Ticks fall on whole milliseconds, answers never do.
        int ticks = hedging.delay().isZero() ? 0 : (int) (time.nanoTime() / TICK.toNanos());
        int expected =
            hedging.minimizeRequests()
                ? Math.min(groups, needed + groupsFailed(set, history) + ticks)
                : groups;
        assertThat(groupsAsked(set, askedAt)).as("asked at %d ms", ms).isEqualTo(expected);
      }
    }
    assertThat(actual).isPresent();
    for (int prefix = 0; prefix < endedAfter; prefix++) {
      assertThat(verdict(set, history.subList(0, prefix))).isEmpty();
    }
    assertThat(actual).isEqualTo(verdict(set, history.subList(0, endedAfter)));
    List<Integer> unreturned =
        history.stream()
            .filter(one -> one.kind() == Kind.OK)
            .map(Heard::at)
            .filter(at -> !actual.get().returned().contains(at))
            .toList();
    assertThat(cleaned).containsExactlyInAnyOrderElementsOf(unreturned);
    assertThat(calls.values()).allMatch(Cancellation::cancelled);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aBatchEndsWhenAndAsThePlainReadingSays(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    VirtualTime time = new VirtualTime(seed);
    VirtualTime.Node node = time.node();
    int size = 1 + chance.nextInt(7);
    Ring ring =
        Rings.of(
            IntStream.range(0, size)
                .mapToObj(i -> "i%d:ACTIVE:".formatted(i))
                .collect(Collectors.joining(" ")),
            1,
            false);
    int keys = chance.nextInt(6);
    List<ReplicationSet> owners =
        IntStream.range(0, keys)
            .mapToObj(
                i -> {
                  List<Instance> some =
                      ZoneSorter.shuffled(ring.instances(), chance)
                          .subList(0, 1 + chance.nextInt(size));
                  return new ReplicationSet(some, chance.nextInt(some.size()));
                })
            .toList();
    List<Kind> kinds =
        IntStream.range(0, size)
            .mapToObj(
                i -> List.of(Kind.OK, Kind.OK, Kind.CLIENT, Kind.ERROR).get(chance.nextInt(4)))
            .toList();
    List<Integer> called = new ArrayList<>();
    List<String> outcome = new ArrayList<>();
    int[] cleanups = new int[1];
    node.execute(
        () -> {
          BatchTracker tracker =
              Batch.start(
                  node.world(),
                  owners::get,
                  IntStream.range(0, keys).toArray(),
                  (instance, indexes, batch) -> {
                    int at = ring.instances().indexOf(instance);
                    called.add(at);
                    CompletableFuture<Void> answer = new CompletableFuture<>();
                    node.after(
                        Duration.ofNanos(1 + chance.nextInt(1_000_000)),
                        () -> {
                          assertThat(cleanups[0]).isZero();
                          history.add(new Heard(at, kinds.get(at)));
                          if (kinds.get(at) == Kind.OK) {
                            answer.complete(null);
                          } else {
                            answer.completeExceptionally(new Failed(kinds.get(at)));
                          }
                        });
                    return answer;
                  },
                  new Cancellation(),
                  BatchOptions.DEFAULTS
                      .withCleanup(() -> cleanups[0]++)
                      .withClientError(e -> ((Failed) e).kind == Kind.CLIENT));
          var unused =
              tracker
                  .result()
                  .whenComplete(
                      (done, error) -> {
                        endedAfter = history.size();
                        outcome.add(error == null ? "OK" : ((Failed) error.getCause()).kind.name());
                      });
        });
    time.runFor(Duration.ofSeconds(1));
    for (int prefix = 0; prefix < endedAfter; prefix++) {
      assertThat(outcome(owners, ring, history.subList(0, prefix))).isEmpty();
    }
    assertThat(outcome).hasSize(1);
    assertThat(outcome(owners, ring, history.subList(0, endedAfter))).contains(outcome.get(0));
    assertThat(called).doesNotHaveDuplicates();
    assertThat(cleanups[0]).isEqualTo(1);
  }

  /** What the batch may have ended with after that; nothing: it goes on. */
  private static Set<String> outcome(List<ReplicationSet> owners, Ring ring, List<Heard> heard) {
    Set<String> failures = new TreeSet<>();
    boolean allDone = true;
    for (ReplicationSet set : owners) {
      List<Kind> here =
          heard.stream()
              .filter(one -> set.instances().contains(ring.instances().get(one.at())))
              .map(Heard::kind)
              .toList();
      boolean done = count(here, Kind.OK) >= set.minSuccess();
      allDone &= done;
      for (Kind family : List.of(Kind.CLIENT, Kind.ERROR)) {
        if (count(here, family) > set.maxErrors()) {
          failures.add(family.name());
        }
      }
      if (!done && here.size() == set.instances().size() && failures.isEmpty()) {
        here.stream()
            .filter(kind -> kind != Kind.OK)
            .reduce((first, second) -> second)
            .ifPresent(last -> failures.add(last.name()));
      }
    }
    return !failures.isEmpty() ? failures : allDone ? Set.of("OK") : Set.of();
  }

  private static int count(List<Kind> kinds, Kind kind) {
    return (int) kinds.stream().filter(one -> one == kind).count();
  }
}
