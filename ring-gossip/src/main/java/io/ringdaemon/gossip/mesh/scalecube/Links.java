package io.ringdaemon.gossip.mesh.scalecube;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ringdaemon.gossip.mesh.security.Fault;
import io.ringdaemon.gossip.mesh.security.SealedSession;
import io.ringdaemon.gossip.mesh.security.Side;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.proto.Refusal;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All connections of this node: two to each peer it speaks to (membership, and batches apart), and
 * those of callers. Dials on demand, shakes hands, hands on only what came after. Source:
 * reference/scalecube.md 4.1, 4.5.
 *
 * <p><b>Threading:</b> confined to the loop; the wire hands over. <b>Time:</b> connect 1 s,
 * handshake 3 s; a connection unused for 10 minutes is closed. <b>Bounds:</b> 4,096 connections
 * each way, 256 callers in the handshake, of which the oldest makes room. No address is ever
 * banned.
 */
final class Links {
  static final Duration CONNECT = Duration.ofSeconds(1);
  static final Duration HANDSHAKE = Duration.ofSeconds(3);
  static final int MOST_LINKS = 4_096;
  static final int MOST_GREETING = 256;
  private static final Duration IDLE = Duration.ofMinutes(10);

  /** Who hears of it, on the loop. */
  interface Events {
    /** A handshake succeeded. */
    void opened(Link link, Hello peer);

    void frame(Link link, Hello peer, Frame frame);

    /** The peer breaks the rules: after this the link closes. */
    default void malformed(Link link, String what) {}

    /** The peer closed a connection of ours for membership. */
    void broke(String address);

    /** A dial or its handshake failed. */
    void unreachable(String address, String why);

    /** We refused somebody, or they us, as {@code how} says. */
    void refused(String address, String how, Refusal refusal);

    /** Behind the address is this very process. */
    void ourselves(String address);
  }

  private record Key(String address, Link.Lane lane) {}

  private final World world;
  private final Wire wire;
  private final MeshMetrics metrics;
  private final Events events;
  private final Map<Key, Link> outbound = new LinkedHashMap<>();
  private final Set<Link> inbound = new LinkedHashSet<>();
  private final Set<Link> greeting = new LinkedHashSet<>(); // callers, oldest first
  private @Nullable Hello ours;
  private boolean anyLabel;
  private boolean stopped;

  Links(World world, Wire wire, MeshMetrics metrics, Events events) {
    this.world = world;
    this.wire = wire;
    this.metrics = metrics;
    this.events = events;
  }

  /** From now on callers are answered and peers dialed. */
  void introduce(Hello hello) {
    ours = hello;
  }

  /**
   * From now on we are of this label, and speak with others of it, or of any. Ends connections that
   * no longer fit; who is dialed again introduces itself by its label of today.
   */
  void label(String label, boolean any) {
    anyLabel = any;
    Hello before = ours;
    if (before == null) {
      return;
    }
    Hello now = before.toBuilder().setClusterLabel(label).build();
    ours = now;
    List<Link> all = new ArrayList<>(outbound.values());
    all.addAll(inbound);
    for (Link link : all) {
      if (link.peer().filter(peer -> !Handshake.fits(now, peer, any)).isPresent()) {
        close(link);
      }
    }
  }

  /** Sends on the connection of this lane to this address, which is made if there is none. */
  void send(String address, Link.Lane lane, Frame frame, Wire.Delivery delivery) {
    assert world.loop().inside();
    byte[] bytes = frame.toByteArray();
    if (bytes.length > Wire.LARGEST_FRAME) {
      metrics.dropped("oversized");
      delivery.lost("oversized");
      return;
    }
    if (frame.getKindCase() != Frame.KindCase.GOSSIP) {
      metrics.sentBytes.add(bytes.length + 4);
    }
    link(address, lane)
        .ifPresentOrElse(
            link -> link.send(bytes, counted(delivery), world.nanoTime()),
            () -> counted(delivery).lost("unreachable"));
  }

  /** Answers on the very connection that asked. */
  void reply(Link link, Frame frame) {
    byte[] bytes = frame.toByteArray();
    metrics.sentBytes.add(bytes.length + 4);
    link.send(bytes, counted(Wire.Delivery.IGNORED), world.nanoTime());
  }

  /** Closes our connections to this address: they may hang on a host that is gone. */
  void drop(String address) {
    for (Link.Lane lane : List.of(Link.Lane.MEMBERSHIP, Link.Lane.GOSSIP)) {
      Link link = outbound.get(new Key(address, lane));
      if (link != null) {
        close(link);
      }
    }
  }

  /** The peer sent what it must not. */
  void malformed(Link link, String what) {
    metrics.dropped("malformed");
    events.malformed(link, what);
    close(link);
  }

  /** Closes what nobody has used for long; call it now and then. */
  void sweep() {
    long now = world.nanoTime();
    List<Link> old = new ArrayList<>();
    outbound.values().forEach(link -> old.add(link));
    old.addAll(inbound);
    old.removeIf(link -> now - link.lastUsed < IDLE.toNanos());
    old.forEach(this::close);
  }

  /** Closes everything, for good. */
  void stop() {
    stopped = true;
    List<Link> all = new ArrayList<>(outbound.values());
    all.addAll(inbound);
    all.forEach(this::close);
  }

  /** For the wire: somebody called. On the wire's thread. */
  Wire.PipeListener accepted(Wire.Pipe pipe) {
    Link link = new Link(Link.Lane.INBOUND, pipe.remote(), Link.State.GREETING, world.nanoTime());
    world.loop().execute(() -> welcome(link, pipe));
    return listener(link, pipe);
  }

  private void welcome(Link link, Wire.Pipe pipe) {
    link.pipe = pipe;
    if (stopped || ours == null || link.state == Link.State.CLOSED) {
      pipe.close();
      return;
    }
    if (inbound.size() >= MOST_LINKS) {
      metrics.dropped("limit");
      link.greet(Frame.newBuilder().setRefusal(Handshake.busy(ours)).build());
      link.close();
      return;
    }
    if (greeting.size() >= MOST_GREETING) {
      metrics.dropped("limit");
      close(greeting.iterator().next());
    }
    inbound.add(link);
    greeting.add(link);
    count();
    await(link);
  }

  private Optional<Link> link(String address, Link.Lane lane) {
    Link known = outbound.get(new Key(address, lane));
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Address> to = Address.canonical(address);
    if (stopped || ours == null || to.isEmpty() || outbound.size() >= MOST_LINKS) {
      return Optional.empty();
    }
    Link link = new Link(lane, address, Link.State.DIALING, world.nanoTime());
    outbound.put(new Key(address, lane), link);
    count();
    wire.dial(
        to.get(),
        CONNECT,
        pipe -> {
          world.loop().execute(() -> connected(link, pipe));
          return listener(link, pipe);
        },
        why -> world.loop().execute(() -> failed(link, why)));
    return Optional.of(link);
  }

  private void connected(Link link, Wire.Pipe pipe) {
    link.pipe = pipe;
    if (link.state == Link.State.CLOSED || ours == null) {
      pipe.close();
      return;
    }
    link.state = Link.State.GREETING;
    link.greet(Frame.newBuilder().setHello(ours).build());
    await(link);
  }

  private void await(Link link) {
    link.deadline =
        world
            .loop()
            .after(
                HANDSHAKE,
                () -> {
                  metrics.dropped("handshake_timeout");
                  failed(link, "connected, but said nothing for " + HANDSHAKE.toSeconds() + " s");
                });
  }

  private void failed(Link link, String why) {
    if (close(link) && link.outbound()) {
      events.unreachable(link.address, why);
    }
  }

  private Wire.PipeListener listener(Link link, Wire.Pipe pipe) {
    return new Wire.PipeListener() {
      @Override
      public void frame(byte[] frame) {
        link.arrived(pipe, frame.length);
        Frame parsed = parse(frame); // here, so that many peers' frames don't queue for the loop
        world
            .loop()
            .execute(
                () -> {
                  link.handled(pipe, frame.length);
                  if (parsed == null && SealedSession.greets(frame)) {
                    onSealed(link);
                  } else {
                    onFrame(link, parsed, frame.length);
                  }
                });
      }

      @Override
      public void broken(Fault fault) {
        world.loop().execute(() -> onFault(link, fault));
      }

      @Override
      public void closed() {
        world
            .loop()
            .execute(
                () -> {
                  boolean greeted = link.state == Link.State.OPEN;
                  if (greeted) {
                    if (close(link) && link.lane == Link.Lane.MEMBERSHIP) {
                      events.broke(link.address);
                    }
                  } else {
                    failed(link, "closed the connection");
                  }
                });
      }
    };
  }

  private static @Nullable Frame parse(byte[] frame) {
    try {
      return Frame.parseFrom(frame);
    } catch (InvalidProtocolBufferException e) {
      return null; // counted where the loop handles it
    }
  }

  /** Those sealed for us have been opened before they come here: we have no keys. */
  private void onSealed(Link link) {
    if (link.state == Link.State.GREETING) {
      link.greet(Handshake.notSealed());
    }
    onFault(link, Fault.sealedInsteadOfPlaintext(link.outbound() ? Side.DIALER : Side.ACCEPTOR));
  }

  private void onFault(Link link, Fault fault) {
    metrics.dropped(fault.reason());
    if (link.state == Link.State.CLOSED) {
      return;
    }
    if (fault.words().isEmpty()) {
      events.malformed(link, fault.reason());
    } else {
      events.refused(link.outbound() ? link.address : link.host(), "", Handshake.found(fault));
    }
    close(link);
  }

  private void onFrame(Link link, @Nullable Frame frame, int bytes) {
    if (link.state == Link.State.CLOSED) {
      return;
    }
    link.lastUsed = world.nanoTime();
    if (frame == null || frame.getKindCase() == Frame.KindCase.KIND_NOT_SET) {
      malformed(link, "no frame of ours");
      return;
    }
    if (frame.getKindCase() != Frame.KindCase.GOSSIP) {
      metrics.receivedBytes.add(bytes + 4);
    }
    if (frame.hasRefusal()) {
      turnedAway(link, frame.getRefusal());
    } else if (link.state != Link.State.OPEN) {
      onGreeting(link, frame);
    } else if (frame.hasHello()) {
      malformed(link, "a second introduction");
    } else {
      link.peer().ifPresent(peer -> events.frame(link, peer, frame));
    }
  }

  private void onGreeting(Link link, Frame frame) {
    Hello mine = ours;
    if (!frame.hasHello() || mine == null) {
      malformed(link, "no introduction");
      return;
    }
    Hello theirs = frame.getHello();
    if (theirs.getMemberId().equals(mine.getMemberId())) {
      if (link.outbound()) {
        events.ourselves(link.address);
      } else {
        link.greet(Frame.newBuilder().setHello(mine).build()); // so that the other end knows it too
      }
      close(link);
      return;
    }
    Optional<Refusal> refusal = Handshake.refusal(mine, theirs, anyLabel);
    if (refusal.isPresent()) {
      metrics.dropped(Handshake.reason(refusal.get()));
      link.greet(Frame.newBuilder().setRefusal(refusal.get()).build());
      boolean readable = Address.canonical(theirs.getAddress()).isPresent();
      events.refused(readable ? theirs.getAddress() : link.address, "told: ", refusal.get());
      close(link);
      return;
    }
    if (!link.outbound()) {
      link.greet(Frame.newBuilder().setHello(mine).build());
      greeting.remove(link);
    }
    link.open(theirs);
    events.opened(link, theirs);
  }

  private void turnedAway(Link link, Refusal refusal) {
    metrics.dropped(Handshake.reason(refusal));
    String address = link.peer().map(Hello::getAddress).orElse(link.address);
    events.refused(address, "refused us: ", refusal);
    close(link);
  }

  private boolean close(Link link) {
    if (!link.close()) {
      return false;
    }
    outbound.remove(new Key(link.address, link.lane), link);
    inbound.remove(link);
    greeting.remove(link);
    count();
    return true;
  }

  private void count() {
    metrics.connections.set(outbound.size() + inbound.size());
  }

  private Wire.Delivery counted(Wire.Delivery delivery) {
    return new Wire.Delivery() {
      @Override
      public void written() {
        delivery.written();
      }

      @Override
      public void lost(String why) {
        metrics.dropped(why);
        delivery.lost(why);
      }
    };
  }
}
