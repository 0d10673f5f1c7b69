package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Goodbye;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.proto.ProbeReply;
import io.ringdaemon.proto.Refusal;
import io.ringdaemon.time.World;
import io.scalecube.cluster.Member;
import io.scalecube.cluster.membership.MembershipEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the parts of {@link ScalecubeMesh} meet: what comes from scalecube, from peers and from the
 * daemon, and what follows from it. Confined to the loop, except where said.
 */
final class MeshCore implements Links.Events {
  private static final int MOST_REMEMBERED_WITHOUT_JITTER = 10;
  private static final Duration GOODBYE = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(ScalecubeMesh.class);

  private enum Phase {
    NEW,
    RUNNING,
    LEAVING,
    STOPPED
  }

  private final MeshConfig config;
  private final World world;
  private final Guard guard;
  private final PeerId id;
  private final String memberId;
  private final MeshMetrics metrics;
  private final Links links;
  private final CredentialWatch credentials;
  private final PeerTable peers;
  private final RecordWatch records;
  private final Doubts doubts;
  private final Patience patience;
  private final Heart heart;
  private final Resolver resolver;
  private final Troubles troubles;
  private final Rejoin rejoin;
  private final Contacts contacts;
  private final Probes probes;
  private final Namesakes namesakes;
  private final DialBack dialBack;
  private final Pulse pulse;
  private final Remembered remembered;
  private final Seldom seldom = new Seldom();
  private Mesh.@Nullable Listener listener;
  private Phase phase = Phase.NEW;
  private volatile Peer self;

  MeshCore(MeshConfig config, World world, Metrics registry, PeerMemory memory, Wire wire) {
    this.config = config;
    this.world = world;
    id = new PeerId(config.nodeName(), config.life());
    memberId = new UUID(world.chance().nextLong(), world.chance().nextLong()).toString();
    peers = new PeerTable(world, id, this::changed);
    metrics = new MeshMetrics(registry, peers::snapshot);
    guard = new Guard(config.nodeName(), wire, metrics);
    links = new Links(world, wire, metrics, this);
    credentials = new CredentialWatch(world, wire, config.security().protection());
    records = new RecordWatch(peers, memberId);
    doubts = new Doubts(peers, records);
    pulse = new Pulse(world, Duration.ofMillis(config.timing().pingTimeoutMillis()));
    patience = new Patience(world, wire, config.timing(), pulse.period(), metrics.spared);
    heart =
        new Heart(
            new Heart.Parts(world, config, memberId, links, metrics, records, peers, guard),
            patience,
            this::onEvent,
            this::onRemoved);
    resolver = new Resolver(world, wire);
    troubles = new Troubles(world, config);
    rejoin =
        new Rejoin(
            world,
            config,
            resolver,
            peers,
            troubles,
            address -> contact(address, Wire.Delivery.IGNORED));
    contacts = new Contacts(world, resolver, this::contact);
    probes = new Probes(world, links);
    namesakes = new Namesakes(peers, probes);
    dialBack = new DialBack(world, links, probes, peers, troubles);
    remembered = new Remembered(world, wire, memory);
    self = selfAt(config.bindHost() + ":" + config.bindPort(), world.now());
  }

  /** Any thread. */
  Peer self() {
    return self;
  }

  /** Any thread. */
  List<Peer> peers() {
    return peers.snapshot();
  }

  /** Any thread. */
  List<String> troubles() {
    return Stream.of(credentials.lines(), troubles.lines()).flatMap(List::stream).toList();
  }

  /** Reads certificates or keys; before anything is bound. Blocks, off the loop. */
  void loadCredentials() throws SecretFileException {
    credentials.load();
  }

  void secure(String label, MeshConfig.Security now, CompletableFuture<Void> done) {
    CompletableFuture<Void> read = new CompletableFuture<>();
    var unused =
        read.whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                links.label(label, now.anyLabel());
                done.complete(null);
              } else {
                done.completeExceptionally(failure);
              }
            });
    credentials.use(now.protection(), read);
  }

  /** For the wire: somebody calls. Any thread. */
  Wire.PipeListener accepted(Wire.Pipe pipe) {
    return links.accepted(pipe);
  }

  /** Where peers are looked for, as far as that is known now. On the loop. */
  CompletionStage<List<Address>> seeds() {
    return resolver
        .resolve(config.seeds())
        .thenApply(
            found ->
                found.values().stream()
                    .flatMap(one -> one.addresses().stream())
                    .flatMap(address -> Address.canonical(address).stream())
                    .toList());
  }

  /** We are bound: introduce ourselves, look for the others. False if it ended meanwhile. */
  boolean begin(Address address, Mesh.Listener hears) {
    assert world.loop().inside();
    if (phase != Phase.NEW) {
      return false;
    }
    phase = Phase.RUNNING;
    listener = hears;
    self = selfAt(address.toString(), world.now());
    links.introduce(Handshake.hello(config.at(address), memberId, address));
    links.label(config.clusterLabel(), config.security().anyLabel());
    heart.introduce(new Member(memberId, id.toString(), address.toString(), SwimCheck.NAMESPACE));
    pulse.start(patience::beat, this::everySecond, this::stoodStill);
    remembered.load(this::seek);
    LOG.info("node={} life={} address={} mesh started", id.name(), id.life(), address);
    return true;
  }

  private void seek(List<String> fromFile) {
    if (phase != Phase.RUNNING) {
      return;
    }
    long most = Math.min(60_000, 200L * fromFile.size());
    boolean crowd = fromFile.size() > MOST_REMEMBERED_WITHOUT_JITTER;
    Duration jitter = crowd ? Duration.ofMillis(world.chance().nextLong(most)) : Duration.ZERO;
    world
        .loop()
        .after(
            jitter,
            () -> {
              rejoin.start(fromFile);
              resolver.resolve(config.seeds()).thenAccept(this::startEngine);
            });
  }

  private void startEngine(Map<String, Resolver.Found> found) {
    troubles.resolved(found);
    Set<String> seeds = new LinkedHashSet<>();
    found.values().forEach(one -> seeds.addAll(one.addresses()));
    seeds.remove(self.address());
    List<String> some = Resolver.sample(seeds, Resolver.SAMPLE, world.chance());
    if (phase == Phase.RUNNING) {
      heart.start(some);
    }
  }

  void send(PeerId to, Frame frame) {
    peers
        .reachableAddress(to)
        .filter(address -> phase == Phase.RUNNING)
        .ifPresentOrElse(
            address -> links.send(address, Link.Lane.GOSSIP, frame, Wire.Delivery.IGNORED),
            () -> metrics.dropped("unreachable"));
  }

  void probe(PeerId peer, Duration timeout, CompletableFuture<Boolean> answer) {
    if (phase != Phase.RUNNING) {
      answer.complete(false);
      return;
    }
    peers
        .lastAddress(peer)
        .ifPresentOrElse(
            address -> probes.ask(peer, address, timeout, answer), () -> answer.complete(false));
  }

  void join(List<String> seeds, CompletableFuture<Map<String, String>> answered) {
    if (phase != Phase.RUNNING) {
      Map<String, String> none = new LinkedHashMap<>();
      seeds.forEach(seed -> none.put(seed, "this node is starting or leaving"));
      answered.complete(none);
      return;
    }
    rejoin.joined(seeds.stream().filter(seed -> Seed.parse(seed).isPresent()).toList());
    contacts.make(seeds, answered);
  }

  void forget(PeerId peer) {
    peers.forget(peer);
  }

  /** Says goodbye to all, then ends. */
  void leave(Runnable end) {
    if (phase != Phase.RUNNING) {
      stop(end);
      return;
    }
    phase = Phase.LEAVING;
    heart.transport().mute();
    Frame goodbye =
        Frame.newBuilder()
            .setGoodbye(Goodbye.newBuilder().setName(id.name()).setLife(id.life()))
            .build();
    Countdown all = new Countdown(world, GOODBYE, done -> stop(end));
    for (String address : peers.reachableAddresses()) {
      links.send(address, Link.Lane.MEMBERSHIP, goodbye, all.one());
    }
    all.begin();
  }

  /** Ends without a word. */
  void stop(Runnable end) {
    if (phase == Phase.STOPPED) {
      return;
    }
    phase = Phase.STOPPED;
    pulse.stop();
    rejoin.stop();
    contacts.stop();
    probes.stop();
    heart.stop();
    links.stop();
    end.run();
  }

  @Override
  public void opened(Link link, Hello peer) {
    dialBack.opened(link, peer);
    peers.introduced(peer);
    doubts.contact(peer.getMemberId());
    troubles.answered(link.outbound() ? link.address : peer.getAddress());
  }

  @Override
  public void frame(Link link, Hello peer, Frame frame) {
    peers.contact(peer.getMemberId());
    doubts.contact(peer.getMemberId());
    switch (frame.getKindCase()) {
      case SWIM -> {
        try {
          if (!frame.getSwim().getSender().equals(peer.getAddress())) {
            throw new SwimCheck.Malformed("sender is not who introduced itself");
          }
          heart.transport().received(frame.getSwim());
        } catch (SwimCheck.Malformed e) {
          links.malformed(link, String.valueOf(e.getMessage()));
        }
      }
      case GOSSIP -> deliver(peer, frame.getGossip().toByteArray());
      case GOODBYE -> onGoodbye(peer, frame.getGoodbye());
      case PROBE -> {
        ProbeReply.Builder reply = ProbeReply.newBuilder().setId(frame.getProbe().getId());
        reply.setRefused(phase != Phase.RUNNING);
        links.reply(link, Frame.newBuilder().setProbeReply(reply).build());
      }
      case PROBE_REPLY -> probes.answered(peer, frame.getProbeReply());
      case DIALED_BACK -> dialBack.told(peer, frame.getDialedBack());
      case HELLO, REFUSAL, KIND_NOT_SET -> links.malformed(link, "out of order");
    }
  }

  @Override
  public void malformed(Link link, String what) {
    if (seldom.say(link.host(), world.nanoTime())) {
      LOG.warn("peer={} malformed: {}; connection closed", link.address, what);
    }
  }

  /** Perhaps it crashed: ask at once, and doubt it if nobody takes the question. */
  @Override
  public void broke(String address) {
    peers
        .reachableAt(address)
        .filter(member -> phase == Phase.RUNNING)
        .ifPresent(member -> probes.knock(address, () -> doubts.raise(member.id())));
  }

  @Override
  public void unreachable(String address, String why) {
    troubles.unreachable(address, why);
    contacts.failed(address, why);
    dialBack.failed(address, why);
  }

  @Override
  public void refused(String address, String how, Refusal refusal) {
    troubles.refused(address, how, refusal);
    contacts.failed(address, how + Handshake.text(refusal));
    dialBack.failed(address, how + Handshake.text(refusal));
  }

  @Override
  public void ourselves(String address) {
    rejoin.ourselves(address);
    contacts.failed(address, "that is this node itself");
    dialBack.failed(address, "that leads to the node that was called");
  }

  private void onEvent(MembershipEvent event) {
    if (phase != Phase.RUNNING) {
      return;
    }
    Member member = event.member();
    if (event.isAdded()) {
      SwimCheck.alias(String.valueOf(member.alias())).ifPresent(peer -> onAdded(member, peer));
    } else if (event.isRemoved()) {
      onRemoved(member);
    }
  }

  private void onRemoved(Member member) {
    peers.gone(member.id(), PeerState.DEAD);
    doubts.gone(member.id());
    boolean taken = peers.reachableAddresses().contains(member.address());
    if (!taken) {
      links.drop(member.address());
    }
    if (peers.left(member.id())) {
      rejoin.settled(member.address());
    } else if (!taken) {
      rejoin.lost(member.address());
    }
  }

  private void onAdded(Member member, PeerId peer) {
    records.contacted(member.id());
    namesakes.met(member, peer);
    peers.added(member, peer).forEach(heart.transport()::declareDead);
    rejoin.settled(member.address());
    troubles.answered(member.address());
    remembered.changed();
  }

  /** A goodbye counts only from the peer itself (5.2). */
  private void onGoodbye(Hello peer, Goodbye goodbye) {
    if (!goodbye.getName().equals(peer.getName()) || goodbye.getLife() != peer.getLife()) {
      return;
    }
    peers.gone(peer.getMemberId(), PeerState.LEFT);
    peers.member(peer.getMemberId()).ifPresent(heart.transport()::declareDead);
    rejoin.settled(peer.getAddress());
    remembered.changed();
  }

  private void contact(String address, Wire.Delivery delivery) {
    heart.transport().contact(address, delivery);
  }

  private void everySecond() {
    heart.look();
    peers.review();
    peers.refresh();
    links.sweep();
    credentials.look();
    troubles.refresh(peers, self.address(), rejoin.pace());
    remembered.save(rejoin::worthRemembering);
  }

  private void stoodStill(Duration pause) {
    LOG.warn("node={} stood still for {} ms: looking around again", id.name(), pause.toMillis());
    rejoin.stale();
  }

  private void changed(Peer peer) {
    LOG.info(
        "peer={} life={} address={} to={}",
        peer.id().name(),
        peer.id().life(),
        peer.address(),
        peer.state());
    remembered.changed();
    Mesh.Listener hears = listener;
    if (hears != null) {
      guard.run(() -> hears.peerChanged(peer));
    }
  }

  private void deliver(Hello from, byte[] message) {
    Mesh.Listener hears = listener;
    if (hears != null && phase == Phase.RUNNING) {
      guard.run(() -> hears.received(Handshake.id(from), message));
    }
  }

  private Peer selfAt(String address, Instant now) {
    return new Peer(
        id,
        address,
        PeerState.ALIVE,
        now,
        now,
        config.zone(),
        config.httpAddress(),
        config.release());
  }
}
