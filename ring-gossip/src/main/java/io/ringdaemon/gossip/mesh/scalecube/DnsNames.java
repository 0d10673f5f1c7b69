package io.ringdaemon.gossip.mesh.scalecube;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link Names} by Netty's resolver: the servers of the system, or those of the system property
 * {@value #SERVERS}. Each question goes out from a port of its own and no answer is kept, so what
 * somebody slips in doesn't last. An answer that was cut off is asked for again over TCP.
 *
 * <p><b>Threading:</b> any thread; works on the event loop given. <b>Time:</b> 2 s a question.
 */
final class DnsNames implements Names {
  /** Name servers to ask instead of the system's: {@code IP:PORT}, separated by commas. */
  static final String SERVERS = "ring-daemon.dns";

  private static final long TIMEOUT_MILLIS = 2_000;

  private final EventLoop loop;
  private final List<InetSocketAddress> servers;
  private final HostsFileEntriesResolver hosts;
  private @Nullable DnsNameResolver resolver; // guarded by this; made when first needed
  private boolean closed; // guarded by this

  DnsNames(EventLoop loop) {
    this(loop, servers(System.getProperty(SERVERS, "")), HostsFileEntriesResolver.DEFAULT);
  }

  /** No servers: those of the system. */
  DnsNames(EventLoop loop, List<InetSocketAddress> servers, HostsFileEntriesResolver hosts) {
    this.loop = loop;
    this.servers = servers;
    this.hosts = hosts;
  }

  @Override
  public CompletionStage<List<InetAddress>> addresses(String name) {
    return ask(dns -> dns.resolveAll(name), all -> all.stream().limit(MOST).toList());
  }

  @Override
  public CompletionStage<List<Target>> services(String name) {
    return ask(
        dns -> dns.resolveAll(new DefaultDnsQuestion(name, DnsRecordType.SRV)), DnsNames::targets);
  }

  /** From now on nothing is answered. */
  synchronized void close() {
    closed = true;
    if (resolver != null) {
      resolver.close();
    }
  }

  private <R, T> CompletionStage<List<T>> ask(
      Function<DnsNameResolver, Future<R>> question, Function<R, List<T>> read) {
    CompletableFuture<List<T>> answer = new CompletableFuture<>();
    try {
      question
          .apply(resolver())
          .addListener(
              (Future<R> done) -> {
                if (!done.isSuccess()) {
                  answer.completeExceptionally(new Unknown(inWords(done.cause())));
                  return;
                }
                List<T> found = read.apply(done.getNow());
                if (found.isEmpty()) {
                  answer.completeExceptionally(new Unknown("no such record"));
                } else {
                  answer.complete(found);
                }
              });
    } catch (RuntimeException e) { // closed, or a name that can't be asked for
      answer.completeExceptionally(new Unknown(String.valueOf(e.getMessage())));
    }
    return answer;
  }

  private synchronized DnsNameResolver resolver() {
    if (closed) {
      throw new IllegalStateException("stopped");
    }
    if (resolver == null) {
      DnsNameResolverBuilder builder =
          new DnsNameResolverBuilder(loop)
              .datagramChannelType(NioDatagramChannel.class)
              .socketChannelType(NioSocketChannel.class)
              .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
              .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
              .hostsFileEntriesResolver(hosts)
              .queryTimeoutMillis(TIMEOUT_MILLIS)
              .resolveCache(NoopDnsCache.INSTANCE)
              .cnameCache(NoopDnsCnameCache.INSTANCE)
              .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
      if (!servers.isEmpty()) {
        builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
      }
      resolver = builder.build();
    }
    return resolver;
  }

  private static List<Target> targets(List<DnsRecord> records) {
    try {
      return records.stream().limit(MOST).flatMap(DnsNames::target).toList();
    } finally {
      records.forEach(ReferenceCountUtil::release);
    }
  }

  /** Two bytes each of priority, weight and port, then the name; a dot alone: no such service. */
  private static Stream<Target> target(DnsRecord record) {
    if (!(record instanceof DnsRawRecord raw) || raw.content().readableBytes() < 7) {
      return Stream.empty();
    }
    try {
      int port = raw.content().skipBytes(4).readUnsignedShort();
      String host = DefaultDnsRecordDecoder.decodeName(raw.content());
      return host.equals(".") ? Stream.empty() : Stream.of(new Target(host, port));
    } catch (CorruptedFrameException | IndexOutOfBoundsException e) {
      return Stream.empty(); // as if it were not there
    }
  }

  private static String inWords(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DnsNameResolverTimeoutException) {
        return "the name server doesn't answer";
      }
      if (cause instanceof DnsErrorCauseException error) {
        String code = error.getCode().toString().toLowerCase(Locale.ROOT);
        return code.startsWith("nxdomain") ? "no such name" : "the name server says " + code;
      }
    }
    return "no such name";
  }

  private static List<InetSocketAddress> servers(String property) {
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String one : property.isEmpty() ? new String[0] : property.split(",", -1)) {
      Address.written(one)
          .flatMap(parts -> Address.literal(parts.host(), parts.port()))
          .map(address -> new InetSocketAddress(address.ip(), address.port()))
          .ifPresentOrElse(
              servers::add,
              () -> {
                throw new IllegalArgumentException(SERVERS + " must be IP:PORT each: " + one);
              });
    }
    return servers;
  }
}
