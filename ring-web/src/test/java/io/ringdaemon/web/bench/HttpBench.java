package io.ringdaemon.web.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.api.PrometheusMetrics;
import io.ringdaemon.web.api.WebRoutes;
import io.ringdaemon.web.http.CsrfGuard;
import io.ringdaemon.web.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests a second does the server answer, beside a bare Netty that says hello in the
 * same process, and do a thousand idle event streams or slow readers keep others waiting? A ring of
 * 100 x 128; wrk on loopback with 32 connections, each target in turn, several rounds: what
 * disturbs the machine disturbs all of them.
 */
public final class HttpBench {
  private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99% +([0-9.]+)(us|ms|s)");
  private static final String OWNERS = "/api/v1/rings/default/owners?key=user-42";

  private record Target(String name, int port, String path, String accept) {}

  /** Of one run. */
  private record Figures(double rate, double p99Millis) {}

  private HttpBench() {}

  /** Arguments: rounds, seconds of each run. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    int bare = bare(loop);
    PrometheusMetrics metrics = new PrometheusMetrics();
    FakeService service = new FakeService();
    service.with(Views.ring("default", 3, Views.many("pod", 100, 128, "a", "b", "c")), "pod-0001");
    HttpServer server =
        new HttpServer(WebRoutes.of(service, metrics, CsrfGuard.anyHost()), "0.1.0", metrics);
    int ours = server.start("127.0.0.1", 0).toCompletableFuture().join().getPort();
    try {
      throughput(rounds, seconds, bare, ours);
      crowd(rounds, seconds, new Target("owners", ours, OWNERS, "*/*"));
    } finally {
      server.stop().toCompletableFuture().join();
      loop.shutdownGracefully().sync();
    }
  }

  private static void throughput(int rounds, int seconds, int bare, int ours) throws Exception {
    List<Target> targets =
        List.of(
            new Target("bare Netty, hello", bare, "/", "*/*"),
            new Target("owners of a key", ours, OWNERS, "*/*"),
            new Target("/live", ours, "/live", "*/*"),
            new Target("ring page, 100 instances", ours, "/ring", "text/html"),
            new Target("its JSON with all tokens", ours, "/ring", "application/json"),
            new Target("its JSON, tokens=false", ours, "/ring?tokens=false", "application/json"));
    List<List<Figures>> all = new ArrayList<>();
    for (Target target : targets) {
      wrk(target, seconds); // warms up
      all.add(new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < targets.size(); i++) {
        all.get(i).add(wrk(targets.get(i), seconds));
      }
    }
    System.out.printf("  %-32s %12s %10s %12s%n", "", "requests/s", "p99", "of bare");
    double most = rate(all.get(0));
    for (int i = 0; i < targets.size(); i++) {
      double rate = rate(all.get(i));
      System.out.printf(
          "  %-32s %12.0f %7.1f ms %10.0f %%%n",
          targets.get(i).name(), rate, p99(all.get(i)), 100 * rate / most);
    }
  }

  /**
   * The p99 of a quick answer while others only hold connections, or ask for much and read little.
   */
  private static void crowd(int rounds, int seconds, Target target) throws Exception {
    List<Figures> alone = new ArrayList<>();
    List<Figures> among = new ArrayList<>();
    List<Figures> slow = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      alone.add(wrk(target, seconds));
      List<Socket> open = new ArrayList<>();
      try {
        hold(open, 1000, target.port(), "GET /watch HTTP/1.1\r\nHost: a\r\n\r\n");
        among.add(wrk(target, seconds));
        hold(
            open,
            100,
            target.port(),
            "GET /ring HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n".repeat(16));
        slow.add(wrk(target, seconds));
      } finally {
        for (Socket socket : open) {
          socket.close();
        }
      }
    }
    System.out.printf("  %-32s %12s %10s%n", "owners of a key,", "requests/s", "p99");
    print("alone", alone);
    print("with 1,000 idle event streams", among);
    print("and 100 readers that don't read", slow);
  }

  private static void print(String name, List<Figures> figures) {
    System.out.printf("  %-32s %12.0f %7.1f ms%n", name, rate(figures), p99(figures));
  }

  private static void hold(List<Socket> open, int count, int port, String request)
      throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      open.add(socket);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      if (socket.getInputStream().read() < 0) {
        throw new IOException("refused");
      }
    }
  }

  private static Figures wrk(Target target, int seconds) throws Exception {
    Process process =
        new ProcessBuilder(
                "wrk",
                "-t1",
                "-c32",
                "-d" + seconds + "s",
                "--latency",
                "-H",
                "Accept: " + target.accept(),
                "http://127.0.0.1:" + target.port() + target.path())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher rate = RATE.matcher(out);
    Matcher p99 = P99.matcher(out);
    if (process.waitFor() != 0 || out.contains("Non-2xx") || !rate.find() || !p99.find()) {
      throw new IllegalStateException("wrk: " + out);
    }
    double unit = p99.group(2).equals("us") ? 1e-3 : p99.group(2).equals("ms") ? 1 : 1e3;
    return new Figures(Double.parseDouble(rate.group(1)), Double.parseDouble(p99.group(1)) * unit);
  }

  private static double rate(List<Figures> runs) {
    return median(runs.stream().mapToDouble(Figures::rate).toArray());
  }

  private static double p99(List<Figures> runs) {
    return median(runs.stream().mapToDouble(Figures::p99Millis).toArray());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /** On one thread, as ours. */
  private static int bare(EventLoopGroup loop) throws Exception {
    byte[] hello = "hello\n".getBytes(StandardCharsets.US_ASCII);
    Channel channel =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel client) {
                    client.pipeline().addLast(new HttpServerCodec(), new Hello(hello));
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private static final class Hello extends SimpleChannelInboundHandler<Object> {
    private final byte[] text;

    Hello(byte[] text) {
      this.text = text;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Object message) {
      if (message instanceof LastHttpContent) {
        DefaultFullHttpResponse answer =
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(text));
        answer
            .headers()
            .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
            .set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        var unused = ctx.writeAndFlush(answer, ctx.voidPromise());
      }
    }
  }
}
