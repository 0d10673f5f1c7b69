package io.ringdaemon.daemon.assembly;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.daemon.config.ConfigText;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.RingConfig;
import io.ringdaemon.daemon.config.Version;
import io.ringdaemon.daemon.lead.LeadDesk;
import io.ringdaemon.daemon.local.DataDir;
import io.ringdaemon.election.WorkLease;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.lifecycle.Lifecycler;
import io.ringdaemon.lifecycle.Phase;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.time.World;
import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.Predecessor;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the pages and the API see of a daemon. Reads snapshots; changes go through the loop. */
final class DaemonService implements Service {
  private static final Duration CHANGE_LIMIT = Duration.ofSeconds(4);

  private volatile DaemonConfig config;
  private final World world;
  private final Map<String, RingMember> rings;
  private final Map<String, Duties> duties;
  private final Optional<Gossip> gossip;
  private final Stores stores;
  private final DataDir dataDir;
  private final String httpAddress;
  private final Supplier<List<String>> httpAlerts;
  private final Supplier<CompletionStage<Void>> leave;
  private final Instant started;
  private final LongPolls polls;
  private Optional<Sightings> sightings = Optional.empty();
  private volatile boolean begun;

  DaemonService(
      DaemonConfig config,
      World world,
      Map<String, RingMember> rings,
      Map<String, Duties> duties,
      Optional<Gossip> gossip,
      Stores stores,
      DataDir dataDir,
      String httpAddress,
      Supplier<List<String>> httpAlerts,
      Supplier<CompletionStage<Void>> leave) {
    this.config = config;
    this.world = world;
    this.rings = rings;
    this.duties = duties;
    this.gossip = gossip;
    this.stores = stores;
    this.dataDir = dataDir;
    this.httpAddress = httpAddress;
    this.httpAlerts = httpAlerts;
    this.leave = leave;
    this.started = world.now();
    this.polls = new LongPolls(world, this::status);
  }

  /** The rings are there: from now on they may be read from any thread. On the loop. */
  void watch() {
    rings.forEach((name, member) -> member.listen(() -> polls.wake(name)));
    sightings =
        gossip.map(parts -> new Sightings(world, parts.mesh(), parts.store().courier(), rings));
    begun = true;
  }

  /** What is configured has changed. Any thread. */
  void reloaded(DaemonConfig now) {
    config = now;
  }

  @Override
  public NodeStatus node() {
    List<String> alerts = new ArrayList<>();
    gossip.ifPresent(parts -> alerts.addAll(parts.mesh().troubles()));
    alerts.addAll(httpAlerts.get());
    if (!dataDir.trouble().isEmpty()) {
      alerts.add(
          dataDir.trouble()
              + ": tokens and epochs are not kept, so this node does not stand for the lead. Mend"
              + " data_dir and restart.");
    }
    return new NodeStatus(
        config.nodeName(),
        started,
        Version.text(),
        httpAddress,
        gossip.map(parts -> parts.mesh().self().address()).orElse("off"),
        config.memberlist().clusterLabel(),
        world.now(),
        alerts);
  }

  @Override
  public List<RingStatus> rings() {
    return begun
        ? config.rings().keySet().stream().flatMap(name -> ring(name).stream()).toList()
        : List.of();
  }

  @Override
  public Optional<RingStatus> ring(String name) {
    return begun ? Optional.ofNullable(rings.get(name)).map(this::status) : Optional.empty();
  }

  @Override
  public Optional<Ring> view(String name) {
    return begun ? Optional.ofNullable(rings.get(name)).map(RingMember::ring) : Optional.empty();
  }

  private RingStatus status(RingMember member) {
    RingConfig options = config.rings().getOrDefault(member.ring().name(), RingConfig.DEFAULTS);
    long index =
        member.index(); // before the view: a reader must never get a later index than its view
    return new RingStatus(
        member.ring(),
        member.leadership(),
        member.config().selfId(),
        member.lifecycler().map(Lifecycler::phase).map(phase -> phase.state().name()),
        index,
        options.tokensObservePeriod(),
        options.kvstore().store().name().toLowerCase(Locale.ROOT),
        member.events().stream()
            .map(
                event ->
                    new RingStatus.Event(event.at(), event.kind(), event.instance(), event.text()))
            .toList(),
        Stream.concat(stores.alerts(member.ring().name()).stream(), member.alerts().stream())
            .toList());
  }

  @Override
  public List<MemberStatus> members() {
    if (gossip.isEmpty()) {
      return List.of();
    }
    List<MemberStatus> members = new ArrayList<>();
    members.add(member(gossip.get().mesh().self(), true, world.now()));
    gossip
        .get()
        .mesh()
        .peers()
        .forEach(peer -> members.add(member(peer, false, peer.lastContact())));
    return members;
  }

  private static MemberStatus member(Peer peer, boolean self, Instant lastContact) {
    return new MemberStatus(
        peer.id().name(),
        Instant.ofEpochMilli(peer.id().life()),
        peer.address(),
        peer.state().name().toLowerCase(Locale.ROOT),
        peer.zone(),
        peer.since(),
        lastContact,
        peer.httpAddress(),
        peer.release(),
        self);
  }

  @Override
  public List<KeyStatus> keys() {
    return gossip.map(parts -> GossipView.keys(parts.store())).orElse(List.of());
  }

  @Override
  public Optional<String> keyText(String key) {
    return gossip.flatMap(parts -> GossipView.keyText(parts.store(), key));
  }

  @Override
  public Optional<GossipStatus> gossip() {
    return gossip.map(parts -> GossipView.status(parts.store()));
  }

  @Override
  public Optional<String> messageText(long id) {
    return gossip.flatMap(parts -> GossipView.messageText(parts.store(), id));
  }

  @Override
  public CompletionStage<Boolean> deleteKey(String key, String actor) {
    return onLoop(
        () ->
            gossip
                .map(parts -> GossipView.delete(parts.store(), key, actor))
                .orElse(CompletableFuture.completedFuture(false)));
  }

  @Override
  public List<String> notReady() {
    if (!begun) {
      return List.of("starting");
    }
    List<String> reasons = new ArrayList<>();
    rings.forEach(
        (name, member) -> {
          stores
              .trouble(name)
              .filter(trouble -> trouble.lastContact().isEmpty())
              .ifPresent(trouble -> reasons.add("ring " + name + ": " + trouble.text()));
          member
              .lifecycler()
              .filter(one -> !(one.phase() instanceof Phase.Active))
              .ifPresent(
                  one ->
                      reasons.add(
                          "ring %s: instance %s is %s%s"
                              .formatted(
                                  name,
                                  member.config().selfId(),
                                  one.phase().state(),
                                  one.obstacle().map(it -> ": " + it.text()).orElse(""))));
        });
    if (!reasons.isEmpty()) { // it may be why
      gossip.ifPresent(parts -> reasons.addAll(parts.mesh().troubles()));
    }
    return reasons;
  }

  @Override
  public String configuration() {
    return ConfigText.whole(config);
  }

  @Override
  public String configurationDifference() {
    return ConfigText.difference(config);
  }

  @Override
  public String configurationDefaults() {
    return ConfigText.whole(DaemonConfig.DEFAULTS);
  }

  @Override
  public long nanoTime() {
    return world.nanoTime();
  }

  @Override
  public CompletionStage<RingStatus> changed(String ring, long index, Duration wait) {
    CompletableFuture<RingStatus> answer = new CompletableFuture<>();
    world
        .loop()
        .execute(
            () -> {
              try {
                polls.ask(known(ring), index, wait, answer);
              } catch (RuntimeException failed) {
                answer.completeExceptionally(failed);
              }
            });
    return answer;
  }

  private RingMember known(String ring) {
    RingMember member = rings.get(ring);
    if (member == null) {
      throw new NoSuchElementException("no ring " + ring);
    }
    return member;
  }

  @Override
  public CompletionStage<Result> change(String ring, Change change, Terms terms) {
    return within(
        onLoop(() -> known(ring).change(change, terms.id(), terms.baseVersions(), terms.actor()))
            .toCompletableFuture());
  }

  @Override
  public Optional<Predecessor> predecessor(String ring) {
    return begun
        ? Optional.ofNullable(duties.get(ring))
            .flatMap(Duties::leases)
            .flatMap(LeadDesk::predecessor)
        : Optional.empty();
  }

  @Override
  public CompletionStage<WorkLease.Answer> lease(String ring, String holder) {
    return onLoop(() -> CompletableFuture.completedFuture(desk(ring).ask(holder)));
  }

  @Override
  public CompletionStage<Boolean> giveBack(String ring, String holder) {
    return onLoop(() -> CompletableFuture.completedFuture(desk(ring).giveBack(holder)));
  }

  private LeadDesk desk(String ring) {
    return Optional.ofNullable(duties.get(ring))
        .flatMap(Duties::leases)
        .orElseThrow(() -> new NoSuchElementException("no election in ring " + ring));
  }

  @Override
  public CompletionStage<List<Sighting>> gone(String ring, List<String> ids) {
    return onLoop(
        () -> {
          List<String> here = ids.stream().filter(known(ring).ring()::hasInstance).toList();
          Sighting own = new Sighting(config.nodeName(), true, here, Duration.ZERO);
          return sightings
              .map(peers -> peers.gone(ring, ids))
              .orElse(CompletableFuture.completedStage(List.of()))
              .thenApply(others -> Stream.concat(Stream.of(own), others.stream()).toList());
        });
  }

  private <T> CompletionStage<T> within(CompletableFuture<T> answer) {
    world
        .loop()
        .after(
            CHANGE_LIMIT,
            () ->
                answer.completeExceptionally(
                    new TimeoutException(
                        "the change was not seen within %d s"
                            .formatted(CHANGE_LIMIT.toSeconds()))));
    return answer;
  }

  @Override
  public CompletionStage<Map<String, String>> join(List<String> addresses) {
    return gossip
        .map(parts -> parts.mesh().join(addresses))
        .orElseGet(
            () -> {
              Map<String, String> none = new LinkedHashMap<>();
              addresses.forEach(address -> none.put(address, "no ring of this daemon gossips"));
              return CompletableFuture.completedFuture(none);
            });
  }

  @Override
  public CompletionStage<Void> leave() {
    return leave.get();
  }

  private <T> CompletionStage<T> onLoop(Supplier<CompletionStage<T>> work) {
    return CompletableFuture.supplyAsync(work, world.loop())
        .orTimeout(CHANGE_LIMIT.toSeconds() + 1, TimeUnit.SECONDS)
        .thenCompose(stage -> stage);
  }
}
