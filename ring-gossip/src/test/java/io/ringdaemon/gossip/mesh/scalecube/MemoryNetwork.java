package io.ringdaemon.gossip.mesh.scalecube;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ringdaemon.gossip.mesh.security.Credentials;
import io.ringdaemon.gossip.mesh.security.SealedSession;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.VirtualTime;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connections in memory and virtual time, with the framing's limits, latency, cuts and crashes. A
 * crash closes the sockets, as the kernel does for a killed process; a cut swallows silently.
 */
final class MemoryNetwork {
  private static final Duration LATENCY = Duration.ofNanos(300_000);

  private final VirtualTime time;
  private final VirtualSchedulers schedulers;
  private final Map<String, MemoryWire> listening = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private BiPredicate<String, String> cut = (from, to) -> false;

  /** Every frame that was sent, for tests that look at the wire. */
  @Nullable Consumer<Frame> tap;

  MemoryNetwork(VirtualTime time, VirtualSchedulers schedulers) {
    this.time = time;
    this.schedulers = schedulers;
  }

  MemoryWire wire(Loop loop) {
    return new MemoryWire(loop);
  }

  /** What the name service says. */
  void name(String host, String ip) {
    names.put(host, ip);
  }

  /** From now on nothing passes between addresses for which this holds, in this direction. */
  void cut(BiPredicate<String, String> cut) {
    this.cut = cut;
  }

  /** One node's part of the network. */
  final class MemoryWire implements Wire {
    private final Loop loop;
    private final Set<End> ends = new LinkedHashSet<>();
    private @Nullable Function<Pipe, PipeListener> acceptor;
    private String address = "";

    private MemoryWire(Loop loop) {
      this.loop = loop;
    }

    @Override
    public CompletionStage<Integer> bind(
        String host, int port, Function<Pipe, PipeListener> accepted) {
      address = host + ":" + port;
      if (listening.containsKey(address)) {
        return CompletableFuture.failedFuture(new BindException("Address already in use"));
      }
      acceptor = accepted;
      listening.put(address, this);
      return CompletableFuture.completedFuture(port);
    }

    @Override
    public void dial(
        Address to,
        Duration timeout,
        Function<Pipe, PipeListener> connected,
        Consumer<String> failed) {
      String target = to.toString();
      if (cut.test(address, target) || cut.test(target, address)) {
        time.after(timeout, () -> failed.accept("no answer within " + timeout.toMillis() + " ms"));
        return;
      }
      time.after(
          LATENCY,
          () -> {
            MemoryWire there = listening.get(target);
            if (there == null || there.acceptor == null) {
              failed.accept("connection refused");
              return;
            }
            End near = new End(this, target);
            End far = new End(there, address);
            near.other = far;
            far.other = near;
            ends.add(near);
            there.ends.add(far);
            far.listener = there.acceptor.apply(far);
            near.listener = connected.apply(near);
          });
    }

    @Override
    public void use(Credentials credentials) {}

    @Override
    public InetAddress[] lookup(String host) throws UnknownHostException {
      String ip = names.getOrDefault(host, host);
      return new InetAddress[] {
        Address.literal(ip, 1).orElseThrow(() -> new UnknownHostException(host)).ip()
      };
    }

    @Override
    public Executor blocking() {
      return task -> loop.execute(() -> schedulers.on(loop, task));
    }

    @Override
    public CompletionStage<Void> close() {
      crash();
      return CompletableFuture.completedFuture(null);
    }

    /** The process is gone: the kernel closes what it had open. */
    void crash() {
      listening.remove(address, this);
      List.copyOf(ends).forEach(End::end);
    }

    /** The host is gone: nobody closes anything. */
    void vanish() {
      listening.remove(address, this);
      ends.forEach(end -> end.other = null);
      ends.clear();
    }
  }

  /** One end of a connection. */
  private final class End implements Wire.Pipe {
    private final MemoryWire owner;
    private final String remote;
    private Wire.@Nullable PipeListener listener;
    private @Nullable End other;
    private boolean ended;

    private End(MemoryWire owner, String remote) {
      this.owner = owner;
      this.remote = remote;
    }

    @Override
    public void send(byte[] frame, Wire.Delivery delivery) {
      if (ended) {
        delivery.lost("unreachable");
        return;
      }
      tap(frame);
      byte[] copy = frame.clone();
      End to = other;
      if (to != null && !cut.test(owner.address, to.owner.address)) {
        time.after(
            LATENCY,
            () -> {
              if (!to.ended && to.listener != null) {
                to.listener.frame(copy);
              }
            });
      }
      delivery.written();
    }

    @Override
    public boolean writable() {
      return !ended;
    }

    private void tap(byte[] frame) {
      if (tap != null && !SealedSession.marked(frame)) {
        try {
          tap.accept(Frame.parseFrom(frame));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError("we never send what can't be parsed", e);
        }
      }
    }

    @Override
    public void close() {
      time.after(LATENCY, this::end); // after what was sent before
    }

    private void end() {
      if (ended) {
        return;
      }
      ended = true;
      owner.ends.remove(this);
      if (listener != null) {
        listener.closed();
      }
      if (other != null) {
        End there = other;
        time.after(LATENCY, there::end);
      }
    }

    @Override
    public void reading(boolean on) {}

    @Override
    public String remote() {
      return remote;
    }
  }

  /** For tests: all addresses at which somebody listens. */
  List<String> listening() {
    return new ArrayList<>(listening.keySet());
  }
}
