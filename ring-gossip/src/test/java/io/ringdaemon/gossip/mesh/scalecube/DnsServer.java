package io.ringdaemon.gossip.mesh.scalecube;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A small name server on loopback, over UDP and TCP, that says what the test wants. */
final class DnsServer implements AutoCloseable {
  private record Question(String name, DnsRecordType type) {}

  private final Map<Question, List<byte[]>> records = new ConcurrentHashMap<>();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  final AtomicInteger overTcp = new AtomicInteger();
  final InetSocketAddress address;

  /** Says nothing at all. */
  volatile boolean silent;

  /** Says SERVFAIL. */
  volatile boolean failing;

  /** Over UDP at most this many records, the rest is cut off. */
  volatile int mostByUdp = Integer.MAX_VALUE;

  DnsServer() {
    Channel tcp =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder())
                        .addLast(new OverTcp());
                  }
                })
            .bind(NetUtil.LOCALHOST4, 0)
            .syncUninterruptibly()
            .channel();
    address = (InetSocketAddress) tcp.localAddress();
    new Bootstrap()
        .group(group)
        .channel(NioDatagramChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder())
                    .addLast(new OverUdp());
              }
            })
        .bind(address)
        .syncUninterruptibly();
  }

  void addresses(String name, String... ips) {
    for (DnsRecordType type : List.of(DnsRecordType.A, DnsRecordType.AAAA)) {
      List<byte[]> all = new ArrayList<>();
      for (String ip : ips) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(ip);
        if (bytes.length == (type.equals(DnsRecordType.A) ? 4 : 16)) {
          all.add(bytes);
        }
      }
      records.put(new Question(name + ".", type), all);
    }
  }

  /** Each {@code host:port}. */
  void services(String name, List<String> targets) {
    List<byte[]> all = new ArrayList<>();
    for (String target : targets) {
      Address.Written parts = Address.written(target).orElseThrow();
      ByteBuf data = Unpooled.buffer();
      data.writeShort(1).writeShort(1).writeShort(parts.port());
      for (String label : parts.host().split("\\.", -1)) {
        data.writeByte(label.length()).writeBytes(label.getBytes(StandardCharsets.US_ASCII));
      }
      data.writeByte(0);
      byte[] bytes = new byte[data.readableBytes()];
      data.readBytes(bytes);
      all.add(bytes);
    }
    records.put(new Question(name + ".", DnsRecordType.SRV), all);
  }

  void forget(String name) {
    records.keySet().removeIf(question -> question.name.equals(name + "."));
  }

  private boolean answer(DnsQuery query, DnsResponse response, int most) {
    if (silent) {
      response.release();
      return false;
    }
    DnsQuestion asked = query.recordAt(DnsSection.QUESTION);
    response.addRecord(DnsSection.QUESTION, asked);
    response.setRecursionAvailable(true);
    String name = asked.name().toLowerCase(Locale.ROOT);
    List<byte[]> found = records.get(new Question(name, asked.type()));
    if (failing) {
      response.setCode(DnsResponseCode.SERVFAIL);
    } else if (found == null) {
      response.setCode(DnsResponseCode.NXDOMAIN);
    } else {
      found.stream()
          .limit(most)
          .forEach(
              data ->
                  response.addRecord(
                      DnsSection.ANSWER,
                      new DefaultDnsRawRecord(
                          asked.name(), asked.type(), 60, Unpooled.wrappedBuffer(data))));
      response.setTruncated(found.size() > most);
    }
    return true;
  }

  private final class OverUdp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
      DnsResponse response =
          new DatagramDnsResponse(
              /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
      if (answer(query, response, mostByUdp)) {
        var unused = context.writeAndFlush(response);
      }
    }
  }

  private final class OverTcp extends SimpleChannelInboundHandler<DnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
      overTcp.incrementAndGet();
      DnsResponse response = new DefaultDnsResponse(query.id());
      if (answer(query, response, Integer.MAX_VALUE)) {
        var unused = context.writeAndFlush(response);
      }
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
