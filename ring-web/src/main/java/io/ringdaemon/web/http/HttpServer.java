package io.ringdaemon.web.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ringdaemon.metrics.Metrics;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * HTTP/1.1 for one handler: keep-alive, pipelined requests answered in order, {@code HEAD}, bodies
 * up to a limit. Whatever comes in, a client gets an answer or a closed connection and the server
 * lives on; what was refused is counted.
 *
 * <p><b>Threading:</b> any thread; requests are handled on one thread of its own. <b>Bounds:</b>
 * {@link HttpLimits}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing: nobody waits for it
public final class HttpServer {
  static final Object RENEW = new Object();
  private final HttpLimits limits;
  private final SharedState shared;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
  private final Supplier<Optional<SslContext>> tls;
  private final String release;
  private final ExecutorService handshakes =
      Executors.newSingleThreadExecutor(new DefaultThreadFactory("http-tls", true));
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile boolean stopping;

  /** {@code release} is shown in the header {@code X-Ring-Daemon} of every response. */
  public HttpServer(HttpHandler handler, String release, Metrics metrics) {
    this(handler, release, metrics, HttpLimits.DEFAULTS);
  }

  /** Plain HTTP. */
  public HttpServer(HttpHandler handler, String release, Metrics metrics, HttpLimits limits) {
    this(handler, release, metrics, limits, Optional::empty);
  }

  /**
   * With {@code tls}, asked for each new connection so that certificates may change; empty: plain.
   */
  public HttpServer(
      HttpHandler handler,
      String release,
      Metrics metrics,
      HttpLimits limits,
      Supplier<Optional<SslContext>> tls) {
    this.limits = limits;
    this.tls = tls;
    this.release = release;
    this.shared = new SharedState(handler, release, limits, metrics, () -> stopping);
    NettyMetrics.register(metrics, group);
  }

  /**
   * Listens; completes with the address bound, its port chosen when 0 was given, or fails with
   * {@link CannotListenException}.
   */
  public CompletionStage<InetSocketAddress> start(String host, int port) {
    CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      bound.completeExceptionally(cannotListen(host, port, "unknown host name", null));
      return bound;
    }
    ChannelFuture binding = bootstrap().bind(address);
    binding.addListener(
        done -> {
          Throwable cause = done.cause();
          if (cause == null) {
            Channel listening = binding.channel();
            shared.connections().add(listening);
            bound.complete((InetSocketAddress) listening.localAddress());
          } else {
            bound.completeExceptionally(cannotListen(host, port, reason(cause), cause));
          }
        });
    return bound;
  }

  /** Takes no more, finishes what is in work, closes everything. Idempotent. */
  public synchronized CompletionStage<Void> stop() {
    if (stopping) {
      return stopped;
    }
    stopping = true;
    shared
        .connections()
        .close(channel -> !(channel instanceof SocketChannel))
        .addListener(
            closed -> {
              shared.connections().forEach(it -> it.pipeline().fireUserEventTriggered(shared));
              group.schedule(
                  () -> {
                    shared.connections().close();
                  },
                  limits.grace().toMillis(),
                  TimeUnit.MILLISECONDS);
              shared.connections().newCloseFuture().addListener(done -> end());
            });
    return stopped;
  }

  /**
   * Ends every event stream, as after a change of who may look; clients come again and show who
   * they are.
   */
  public void renewStreams() {
    group.execute(
        () -> shared.connections().forEach(it -> it.pipeline().fireUserEventTriggered(RENEW)));
  }

  private void end() {
    handshakes.shutdown();
    group
        .shutdownGracefully(0, limits.grace().toMillis(), TimeUnit.MILLISECONDS)
        .addListener(done -> stopped.complete(null));
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(group)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 256)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(64 << 10, 256 << 10))
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                if (!shared.admit(channel)) {
                  channel.close();
                  return;
                }
                tls.get()
                    .map(now -> new TlsOrWords(now, limits.handshake(), handshakes, release))
                    .ifPresent(channel.pipeline()::addLast);
                channel
                    .pipeline()
                    .addLast(new FlushConsolidationHandler(16, true))
                    .addLast(
                        new WriteTimeoutHandler(
                            limits.writeTimeout().toMillis(), TimeUnit.MILLISECONDS))
                    .addLast(new StrictRequestDecoder(limits))
                    .addLast(new HttpResponseEncoder())
                    .addLast(new ResponseCompressor())
                    .addLast(new HttpConnection(shared));
              }
            });
  }

  private static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof BindException && message.contains("already in use")
        ? "address already in use"
        : message;
  }

  private static CannotListenException cannotListen(
      String host, int port, String why, @org.jspecify.annotations.Nullable Throwable cause) {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    String advice =
        why.equals("address already in use")
            ? "choose another with --http or stop the other program"
            : "choose another with --http";
    RuntimeException inner = new IllegalStateException(why);
    return new CannotListenException(
        "cannot listen on %s:%d for HTTP: %s; %s".formatted(shown, port, why, advice),
        cause == null ? inner : cause);
  }
}
