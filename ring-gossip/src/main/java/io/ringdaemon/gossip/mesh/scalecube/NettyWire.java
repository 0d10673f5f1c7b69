package io.ringdaemon.gossip.mesh.scalecube;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.ringdaemon.gossip.mesh.security.Credentials;
import io.ringdaemon.gossip.mesh.security.SealedSession;
import io.ringdaemon.gossip.mesh.security.Side;
import io.ringdaemon.gossip.mesh.security.TlsPipeline;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * TCP, or TLS on it, by Netty on NIO: one I/O thread, frames of 4 bytes length and at most 1 MiB,
 * two threads for what blocks, and one for the arithmetic of TLS handshakes. Source:
 * reference/scalecube.md 4.5.
 *
 * <p><b>Bounds:</b> 1 MiB waiting to be written per connection, 256 blocking tasks, 1,024 steps of
 * handshakes; a connection whose step finds no room ends.
 */
final class NettyWire implements Wire {
  private static final int BLOCKING_TASKS = 256;
  private static final int LARGEST_ON_WIRE = 4 + LARGEST_FRAME + SealedSession.OVERHEAD;
  private static final int HANDSHAKE_TASKS = 1_024;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("mesh-io", true), NioIoHandler.newFactory());
  private final ChannelGroup channels = new DefaultChannelGroup(group.next(), true);
  private final ThreadPoolExecutor blocking =
      new ThreadPoolExecutor(
          2,
          2,
          5,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(BLOCKING_TASKS),
          new DefaultThreadFactory("mesh-blocking", true));
  private final DnsNames names = new DnsNames(group.next());
  private final ThreadPoolExecutor arithmetic = // of TLS handshakes, so that pings go on meanwhile
      new ThreadPoolExecutor(
          1,
          1,
          5,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(HANDSHAKE_TASKS),
          new DefaultThreadFactory("mesh-tls", true));
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile Credentials credentials = new Credentials.None();

  NettyWire() {
    blocking.allowCoreThreadTimeOut(true);
    arithmetic.allowCoreThreadTimeOut(true);
  }

  @Override
  public void use(Credentials now) {
    credentials = now;
  }

  @Override
  public CompletionStage<Integer> bind(
      String host, int port, Function<Pipe, PipeListener> accepted) {
    CompletableFuture<Integer> bound = new CompletableFuture<>();
    ChannelFuture binding =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true) // a restart finds TIME_WAIT at its port
            .option(ChannelOption.SO_BACKLOG, 1_024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, marks())
            .childHandler(frames(accepted, Side.ACCEPTOR, "", 0))
            .bind(new InetSocketAddress(host, port));
    binding.addListener(
        done -> {
          if (!done.isSuccess()) {
            bound.completeExceptionally(done.cause());
            return;
          }
          channels.add(binding.channel());
          bound.complete(((InetSocketAddress) binding.channel().localAddress()).getPort());
        });
    return bound;
  }

  @Override
  public void dial(
      Address to,
      Duration timeout,
      Function<Pipe, PipeListener> connected,
      Consumer<String> failed) {
    if (closing.get()) {
      failed.accept("stopped");
      return;
    }
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, marks())
        .handler(frames(connected, Side.DIALER, to.ip().getHostAddress(), to.port()))
        .connect(new InetSocketAddress(to.ip(), to.port()))
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                failed.accept(inWords(done.cause(), timeout));
              }
            });
  }

  @Override
  public InetAddress[] lookup(String host) throws UnknownHostException {
    return InetAddress.getAllByName(host);
  }

  @Override
  public void later(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> unused =
          group.next().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return; // it is being closed
    }
  }

  @Override
  public Names names() {
    return names;
  }

  @Override
  public Executor blocking() {
    return blocking;
  }

  @Override
  public CompletionStage<Void> close() {
    if (closing.compareAndSet(false, true)) {
      names.close();
      channels
          .close()
          .addListener(
              all ->
                  group
                      .shutdownGracefully(0, 1, TimeUnit.SECONDS)
                      .addListener(
                          gone -> {
                            blocking.shutdown();
                            arithmetic.shutdown();
                            closed.complete(null);
                          }));
    }
    return closed;
  }

  private ChannelInitializer<Channel> frames(
      Function<Pipe, PipeListener> owner, Side side, String host, int port) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channels.add(channel);
        TlsPipeline.prepare(
            channel.pipeline(), credentials, side, host, port, Links.HANDSHAKE, arithmetic);
        channel
            .pipeline()
            .addLast(new LengthFieldBasedFrameDecoder(LARGEST_ON_WIRE, 0, 4, 0, 4))
            .addLast(new NettyPipe(channel, owner));
      }
    };
  }

  private static WriteBufferWaterMark marks() {
    return new WriteBufferWaterMark(LARGEST_FRAME / 2, LARGEST_FRAME);
  }

  private static String inWords(Throwable cause, Duration timeout) {
    if (cause instanceof ConnectTimeoutException) {
      return "no answer within " + timeout.toMillis() + " ms";
    }
    if (cause instanceof NoRouteToHostException) {
      return "no route to host";
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    return String.valueOf(cause.getMessage());
  }
}
