package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Swim;
import io.ringdaemon.proto.SwimGossip;
import io.ringdaemon.proto.SwimMember;
import io.ringdaemon.proto.SwimRecord;
import io.ringdaemon.proto.SwimRumor;
import io.ringdaemon.proto.SwimSync;
import io.ringdaemon.time.World;
import io.scalecube.cluster.Member;
import io.scalecube.cluster.fdetector.FailureDetectorImpl;
import io.scalecube.cluster.membership.MembershipDoor;
import io.scalecube.cluster.membership.MembershipProtocolImpl;
import io.scalecube.cluster.metadata.MetadataStoreImpl;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.Transport;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * What scalecube believes to be the network. Carries its eight kinds of message over {@link Links},
 * shows every membership record that passes to a watcher, and keeps LEAVING and DEAD off the wire:
 * a leave would poison the tables of all, and DEAD is for each node to decide. Source:
 * reference/scalecube.md 4.1, 5.
 *
 * <p><b>Threading:</b> the methods of {@link Transport} from any thread, they hand over; the others
 * on the loop. <b>Bounds:</b> 10,000 sends handed over, 10,000 waiting for answers, 4,096 messages
 * before each of scalecube's five subscribers.
 */
final class MeshTransport implements Transport {
  private static final int MOST_HANDED_OVER = 10_000;
  private static final int MOST_UNREAD = 4_096;
  private static final long SHARED_FETCH = 500_000_000L; // nanoseconds

  private record Fetch(String correlation, long since) {}

  private final World world;
  private final Links links;
  private final MeshMetrics metrics;
  private final String memberId;
  private final RecordWatch records;
  private final Patience patience;
  private final Vitals vitals;
  private final long firstSequence;
  private final Sinks.Many<Message> inbound = Sinks.many().multicast().directBestEffort();
  private final AtomicInteger handedOver = new AtomicInteger();
  private final Waiters waiters = new Waiters();
  private final Map<String, Fetch> fetches = new HashMap<>(); // by member id
  private final GossipBudget budget = new GossipBudget();
  private long nextSequence;
  private SwimRecord ownRecord = SwimRecord.getDefaultInstance();
  private volatile boolean muted; // scalecube ends seconds after the loop may have ended
  private volatile String address = "";
  private volatile boolean stopped;

  /** {@code firstSequence} is added to the numbers of scalecube's gossip. */
  MeshTransport(Heart.Parts parts, Patience patience, Vitals vitals, long firstSequence) {
    this.world = parts.world();
    this.links = parts.links();
    this.metrics = parts.metrics();
    this.memberId = parts.memberId();
    this.records = parts.records();
    this.patience = patience;
    this.vitals = vitals;
    this.firstSequence = firstSequence;
    nextSequence = firstSequence;
  }

  /** A number that no gossip of this node has had. */
  long nextSequence() {
    return nextSequence;
  }

  /** We are bound; {@code self} is what others shall know. */
  void introduce(Member self) {
    address = self.address();
    ownRecord =
        SwimRecord.newBuilder()
            .setMember(MembershipDoor.writeMember(self))
            .setStatus(SwimRecord.Status.ALIVE)
            .build();
  }

  /** From now on nothing of scalecube goes or comes (5.2). */
  void mute() {
    muted = true;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public Mono<Transport> start() {
    return Mono.just(this); // bound before scalecube is started
  }

  @Override
  public Mono<Void> stop() {
    return Mono.fromRunnable(() -> stopped = true);
  }

  @Override
  public boolean isStopped() {
    return stopped;
  }

  @Override
  public Flux<Message> listen() {
    return inbound
        .asFlux()
        .onBackpressureBuffer(
            MOST_UNREAD, message -> metrics.dropped("limit"), BufferOverflowStrategy.DROP_LATEST);
  }

  @Override
  public Mono<Void> send(String to, Message message) {
    return Mono.create(
        sink ->
            handOver(
                sink,
                () ->
                    transmit(
                        to,
                        message,
                        new Wire.Delivery() {
                          @Override
                          public void written() {
                            sink.success();
                          }

                          @Override
                          public void lost(String why) {
                            sink.error(new Undelivered(to, why));
                          }
                        })));
  }

  @Override
  public Mono<Message> requestResponse(String to, Message request) {
    if (FailureDetectorImpl.PING.equals(request.qualifier())) {
      vitals.pinged();
    }
    return patience.with(request, ask(to, request));
  }

  private Mono<Message> ask(String to, Message request) {
    String correlation = request.correlationId();
    return Mono.create(
        sink -> {
          sink.onCancel(
              () -> {
                if (!muted) {
                  world.loop().execute(() -> forget(correlation, request, sink));
                }
              });
          handOver(sink, () -> request(to, correlation, request, sink));
        });
  }

  /** Takes in what a peer sent; the sender was checked against its introduction. */
  void received(Swim swim) throws SwimCheck.Malformed {
    Swim clean = admitted(swim);
    boolean nothingLeft = SwimRecords.of(swim).count() > 0 && SwimRecords.of(clean).count() == 0;
    Message message = SwimCodec.decode(nothingLeft ? swim : clean);
    if (muted || nothingLeft) {
      return;
    }
    SwimRecords.of(clean).forEach(this::watch);
    vitals.received(clean);
    switch (clean.getPayloadCase()) {
      case PING_ACK, SYNC_ACK, METADATA_RESPONSE -> answer(clean, message);
      default -> {}
    }
    emit(message);
  }

  /** Tells our own scalecube, and nobody else, that a member is dead (5.2, 5.3). */
  void declareDead(Member member) {
    SwimRecord dead =
        SwimRecord.newBuilder()
            .setMember(MembershipDoor.writeMember(member))
            .setStatus(SwimRecord.Status.DEAD)
            .build();
    Object data = MembershipDoor.readSync(SwimSync.newBuilder().addRecords(dead).build());
    emit(
        Message.withData(data)
            .qualifier(MembershipProtocolImpl.SYNC_ACK)
            .sender(member.address())
            .build());
  }

  /**
   * Sends our own record to an address, which answers with all it knows: contact (5.1). Those who
   * answer us go along, so that two halves meet at once and not at the next periodic SYNC.
   */
  void contact(String to, Wire.Delivery delivery) {
    if (muted || to.equals(address)) {
      delivery.lost("unreachable");
      return;
    }
    Swim.Builder swim = Swim.newBuilder().setSender(address);
    swim.getSyncBuilder().addRecords(ownRecord).addAllRecords(records.known());
    links.send(to, Link.Lane.MEMBERSHIP, Frame.newBuilder().setSwim(swim).build(), delivery);
  }

  private void request(String to, String correlation, Message request, MonoSink<Message> sink) {
    Fetch shared = fetches.get(fetched(request));
    if (shared != null
        && waiters.waiting(shared.correlation)
        && world.nanoTime() - shared.since < SHARED_FETCH
        && waiters.add(shared.correlation, sink)) {
      return; // many records of one member arrived at once: one fetch answers for all
    }
    if (!waiters.add(correlation, sink)) {
      metrics.dropped("limit");
      sink.error(new Undelivered(to, "too many requests"));
      return;
    }
    if (!fetched(request).isEmpty()) {
      fetches.put(fetched(request), new Fetch(correlation, world.nanoTime()));
    }
    transmit(
        to,
        request,
        new Wire.Delivery() {
          @Override
          public void written() {}

          @Override
          public void lost(String why) {
            world
                .loop()
                .execute(
                    () ->
                        waiters.take(correlation).forEach(w -> w.error(new Undelivered(to, why))));
          }
        });
  }

  private void forget(String correlation, Message request, MonoSink<Message> sink) {
    waiters.remove(correlation, sink);
    Fetch fetch = fetches.get(fetched(request));
    if (fetch != null) {
      waiters.remove(fetch.correlation, sink);
      if (!waiters.waiting(fetch.correlation)) {
        fetches.remove(fetched(request));
      }
    }
  }

  private void answer(Swim swim, Message message) {
    if (swim.hasPingAck()) {
      patience.settled(swim.getPingAck().getTo().getId());
    }
    if (swim.hasMetadataResponse()) {
      fetches.remove(swim.getMetadataResponse().getMember().getId());
    }
    if (!swim.getCorrelationId().isEmpty() && !swim.getPingAck().hasOriginalIssuer()) {
      waiters.take(swim.getCorrelationId()).forEach(waiter -> waiter.success(message));
    }
  }

  private void transmit(String to, Message message, Wire.Delivery delivery) {
    if (muted || to.equals(address)) {
      delivery.lost("muted");
      return;
    }
    Swim swim = SwimCodec.encode(message);
    SwimRecords.of(swim).forEach(this::watch);
    vitals.sent(swim);
    Swim allowed = swim.hasGossip() ? withinBudget(to, swim) : SwimRecords.carried(swim);
    if (allowed.hasGossip() && allowed.getGossip().getRumorsCount() == 0) {
      delivery.written(); // held back, as the budget says (5.4)
      return;
    }
    links.send(to, Link.Lane.MEMBERSHIP, Frame.newBuilder().setSwim(allowed).build(), delivery);
  }

  private Swim withinBudget(String to, Swim swim) {
    SwimGossip.Builder gossip = swim.getGossip().toBuilder().clearRumors();
    for (SwimRumor rumor : swim.getGossip().getRumorsList()) {
      if (!SwimRecords.carried(rumor.getRecord())) {
        continue;
      }
      switch (budget.ask(to, rumor.getRecord(), world.nanoTime())) {
        case SEND -> gossip.addRumors(numbered(rumor));
        case REPEATED -> metrics.gossipRepeated.increment();
        case OVER -> metrics.dropped("limit");
      }
    }
    return swim.toBuilder().setGossip(gossip).build();
  }

  private SwimRumor numbered(SwimRumor rumor) {
    if (!rumor.getGossiper().equals(memberId)) {
      return rumor;
    }
    long number = firstSequence + rumor.getSequence();
    nextSequence = Math.max(nextSequence, number + 1);
    return rumor.toBuilder().setSequence(number).build();
  }

  private Swim admitted(Swim swim) {
    return SwimRecords.keep(
        swim,
        record -> {
          if (!SwimRecords.carried(record)) {
            return false;
          }
          if (!records.welcome(record)) {
            metrics.dropped("limit");
            return false;
          }
          return true;
        });
  }

  private void watch(SwimRecord record) {
    if (!record.getMember().getId().equals(memberId)) {
      records.passed(record);
    } else if (record.getStatus() == SwimRecord.Status.ALIVE
        && record.getIncarnation() > ownRecord.getIncarnation()) {
      ownRecord = record;
    }
  }

  private void emit(Message message) {
    Sinks.EmitResult result = inbound.tryEmitNext(message);
    if (result.isFailure() && result != Sinks.EmitResult.FAIL_ZERO_SUBSCRIBER) {
      metrics.dropped("limit");
    }
  }

  private void handOver(MonoSink<?> sink, Runnable work) {
    if (muted) {
      sink.error(new Undelivered("anybody", "muted"));
      return;
    }
    if (handedOver.get() >= MOST_HANDED_OVER) {
      metrics.dropped("limit");
      sink.error(new Undelivered("the loop", "too much is waiting for it"));
      return;
    }
    handedOver.incrementAndGet();
    world
        .loop()
        .execute(
            () -> {
              handedOver.decrementAndGet();
              try {
                work.run();
              } catch (RuntimeException e) { // a kind that is not carried: scalecube hears of it
                metrics.failures.increment();
                sink.error(e);
              }
            });
  }

  /** The member whose metadata is asked for, or nothing. */
  private static String fetched(Message request) {
    if (!MetadataStoreImpl.GET_METADATA_REQ.equals(request.qualifier())) {
      return "";
    }
    SwimMember member = SwimCodec.encode(request).getMetadataRequest();
    return member.getId();
  }

  /** A message did not go out. Expected, so without a stack. */
  static final class Undelivered extends RuntimeException {
    private static final long serialVersionUID = 1;

    Undelivered(String to, String why) {
      super(to + ": " + why, null, false, false);
    }
  }
}
