package io.ringdaemon.web;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.election.WorkLease;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A daemon that isn't one: rings are put in, forgetting takes instances out, changes wake those who
 * wait. Time stands still.
 */
public final class FakeService implements Service {
  private record Waiter(String ring, long index, CompletableFuture<RingStatus> wake) {}

  private final Map<String, RingStatus> rings = new LinkedHashMap<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private final Set<String> tombstones = new LinkedHashSet<>();
  public final List<String> actors = new ArrayList<>();
  public final List<String> joined = new ArrayList<>();
  public final List<String> alerts = new ArrayList<>();
  public final List<String> notReady = new ArrayList<>();
  public final List<MemberStatus> members = new ArrayList<>();
  public final List<KeyStatus> keys = new ArrayList<>();
  public final List<Change> changes = new ArrayList<>();
  public final List<String> changeIds = new ArrayList<>();
  public Optional<GossipStatus> gossip = Optional.empty();
  public Optional<RuntimeException> forgetFailure = Optional.empty();

  /** What other nodes say of those that were forgotten. */
  public final List<Sighting> sightings = new ArrayList<>();

  public long nanoTime = 1000;
  public boolean left;
  public String configuration = "node_name: ring-1\n";
  public String keyText = "a ACTIVE\n";

  /** Puts {@code view} in, without an election. */
  public FakeService with(Ring view) {
    return put(view, Optional.empty(), List.of());
  }

  /** Puts {@code view} in, led by {@code leader}; nobody if that is empty. */
  public FakeService with(Ring view, String leader) {
    Optional<Leadership.Leader> holder =
        view.instance(leader).map(one -> new Leadership.Leader(leader, one.desc().addr(), 7));
    Instant since = Views.NOW.minus(Duration.ofMinutes(5));
    return put(
        view,
        Optional.of(
            new Leadership(
                holder,
                7,
                since,
                Leadership.Rules.DEFAULTS,
                view.lowestTokenOwner().map(Instance::id),
                self(view),
                nanoTime + 1_000_000,
                false,
                Optional.empty())),
        List.of());
  }

  private static String self(Ring view) {
    return view.instances().isEmpty() ? "a" : view.instances().get(0).id();
  }

  public FakeService put(
      Ring view, Optional<Leadership> leadership, List<RingStatus.Event> events, String... alerts) {
    RingStatus before = rings.get(view.name());
    long index = before == null ? 10 : before.index() + 1;
    RingStatus status =
        new RingStatus(
            view,
            leadership,
            self(view),
            view.instances().isEmpty()
                ? Optional.of("PENDING")
                : Optional.of(view.instances().get(0).state().name()),
            index,
            Duration.ofSeconds(5),
            "memberlist",
            events,
            List.of(alerts));
    rings.put(view.name(), status);
    waiters.stream()
        .filter(waiter -> waiter.ring.equals(view.name()) && waiter.index < index)
        .toList()
        .forEach(waiter -> waiter.wake.complete(status));
    waiters.removeIf(waiter -> waiter.wake.isDone());
    return this;
  }

  @Override
  public NodeStatus node() {
    return new NodeStatus(
        "ring-1",
        Views.NOW.minus(Duration.ofHours(3)),
        "0.1.0",
        "127.0.0.1:7980",
        "127.0.0.1:7946",
        "ring-daemon",
        Views.NOW,
        alerts);
  }

  @Override
  public List<RingStatus> rings() {
    return List.copyOf(rings.values());
  }

  @Override
  public Optional<RingStatus> ring(String name) {
    return Optional.ofNullable(rings.get(name));
  }

  @Override
  public List<MemberStatus> members() {
    return members;
  }

  @Override
  public List<KeyStatus> keys() {
    return keys;
  }

  @Override
  public Optional<String> keyText(String key) {
    return keys.stream().anyMatch(known -> known.key().equals(key))
        ? Optional.of(keyText)
        : Optional.empty();
  }

  @Override
  public Optional<GossipStatus> gossip() {
    return gossip;
  }

  @Override
  public Optional<String> messageText(long id) {
    return gossip.stream()
        .flatMap(status -> status.messages().stream())
        .filter(message -> message.id() == id)
        .map(message -> message.kind() + " in words")
        .findFirst();
  }

  @Override
  public CompletionStage<Boolean> deleteKey(String key, String actor) {
    actors.add(actor);
    return CompletableFuture.completedStage(keys.removeIf(known -> known.key().equals(key)));
  }

  @Override
  public List<String> notReady() {
    return notReady;
  }

  @Override
  public String configuration() {
    return configuration;
  }

  @Override
  public String configurationDifference() {
    return configuration;
  }

  @Override
  public String configurationDefaults() {
    return "node_name: \"\"\n";
  }

  @Override
  public CompletionStage<List<Sighting>> gone(String ring, List<String> ids) {
    List<String> still = ids.stream().filter(rings.get(ring).ring()::hasInstance).toList();
    List<Sighting> all = new ArrayList<>();
    all.add(new Sighting("ring-1", true, still, Duration.ofMillis(100)));
    all.addAll(sightings);
    return CompletableFuture.completedStage(all);
  }

  @Override
  public long nanoTime() {
    return nanoTime;
  }

  @Override
  public CompletionStage<RingStatus> changed(String ring, long index, Duration wait) {
    RingStatus status = rings.get(ring);
    if (index != status.index()) {
      return CompletableFuture.completedStage(status);
    }
    Waiter waiter =
        new Waiter(
            ring,
            index,
            new CompletableFuture<RingStatus>()
                .completeOnTimeout(status, wait.toMillis(), TimeUnit.MILLISECONDS));
    waiters.add(waiter);
    return waiter.wake;
  }

  public Optional<Predecessor> predecessor = Optional.empty();
  public WorkLease.Answer lease = new WorkLease.Answer(true, 7, Duration.ZERO, "");
  public final List<String> holders = new ArrayList<>();

  @Override
  public Optional<Predecessor> predecessor(String ring) {
    return predecessor;
  }

  @Override
  public CompletionStage<WorkLease.Answer> lease(String ring, String holder) {
    if (lease.granted()) {
      holders.add(holder);
    }
    return CompletableFuture.completedStage(lease);
  }

  @Override
  public CompletionStage<Boolean> giveBack(String ring, String holder) {
    return CompletableFuture.completedStage(holders.remove(holder));
  }

  /** How many wait for a change and have not gone away. */
  public long waiting() {
    return waiters.stream().filter(waiter -> !waiter.wake.isDone()).count();
  }

  @Override
  public CompletionStage<Result> change(String ring, Change change, Terms terms) {
    if (forgetFailure.isPresent()) {
      return CompletableFuture.failedStage(forgetFailure.get());
    }
    actors.add(terms.actor());
    changes.add(change);
    changeIds.add(terms.id());
    RingStatus status = rings.get(ring);
    String version = status.ring().version();
    if (!terms.baseVersions().isEmpty() && !terms.baseVersions().contains(version)) {
      return CompletableFuture.completedStage(Result.stale(version));
    }
    if (change instanceof Change.Forget forget) {
      return CompletableFuture.completedStage(forget(ring, forget.ids(), forget.allOrNothing()));
    }
    if (change instanceof Change.ForgetUnhealthy) {
      List<String> ids =
          status.ring().instances().stream()
              .filter(one -> !one.health().healthy())
              .map(Instance::id)
              .toList();
      return CompletableFuture.completedStage(forget(ring, ids, false));
    }
    return CompletableFuture.completedStage(Result.done(version, RingDesc.EMPTY));
  }

  private Result forget(String ring, List<String> ids, boolean allOrNothing) {
    RingStatus status = rings.get(ring);
    List<String> forgotten = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> living = new ArrayList<>();
    for (String id : ids) {
      Optional<Instance> instance = status.ring().instance(id);
      if (instance.isPresent()) {
        forgotten.add(id);
        if (instance.get().health().well()) {
          living.add(id);
        }
      } else {
        (tombstones.contains(id) ? absent : unknown).add(id);
      }
    }
    if (allOrNothing && forgotten.size() < ids.size()) {
      return forgotten(List.of(), absent, unknown, List.of());
    }
    tombstones.addAll(forgotten);
    List<Instance> kept =
        status.ring().instances().stream().filter(one -> !forgotten.contains(one.id())).toList();
    put(
        Views.ring(ring, status.ring().options().replicationFactor(), kept),
        status.leadership(),
        status.events());
    return forgotten(forgotten, absent, unknown, living);
  }

  private static Result forgotten(
      List<String> forgotten, List<String> absent, List<String> unknown, List<String> living) {
    return new Result(
        Result.Outcome.DONE,
        "",
        "",
        forgotten,
        absent,
        unknown,
        living,
        RingDesc.EMPTY,
        LeaderRecord.EMPTY);
  }

  @Override
  public CompletionStage<Map<String, String>> join(List<String> addresses) {
    joined.addAll(addresses);
    Map<String, String> outcome = new LinkedHashMap<>();
    addresses.forEach(one -> outcome.put(one, one.endsWith(":1") ? "" : "connection refused"));
    return CompletableFuture.completedStage(outcome);
  }

  @Override
  public CompletionStage<Void> leave() {
    left = true;
    return CompletableFuture.completedStage(null);
  }
}
