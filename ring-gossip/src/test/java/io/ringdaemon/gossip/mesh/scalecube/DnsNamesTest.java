package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a real name server says, well or badly, is understood. */
@Tag("slow")
class DnsNamesTest {
  private static final String NAME = "ring.test";
  private static final String SERVICE = "_ring._tcp.ring.test";

  private final DnsServer server = new DnsServer();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final DnsNames names =
      new DnsNames(
          group.next(),
          List.of(server.address),
          (host, types) -> host.equals("hosts.test") ? NetUtil.LOCALHOST4 : null);

  @AfterEach
  void end() {
    names.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    server.close();
  }

  @Test
  void allAddressesOfBothFamiliesAreFound() {
    server.addresses(NAME, "10.0.0.1", "2001:db8::1", "10.0.0.2");
    assertThat(texts(names.addresses(NAME)))
        .containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "2001:db8::1");
  }

  @Test
  void oneFamilyIsEnough() {
    server.addresses(NAME, "2001:db8::1");
    assertThat(texts(names.addresses(NAME))).containsExactly("2001:db8::1");
  }

  @Test
  void theHostsFileIsAskedFirst() {
    server.addresses("hosts.test", "10.9.9.9");
    assertThat(texts(names.addresses("hosts.test"))).containsExactly("127.0.0.1");
  }

  @Test
  void aChangedAnswerIsSeenAtOnce() {
    server.addresses(NAME, "10.0.0.1");
    assertThat(texts(names.addresses(NAME))).containsExactly("10.0.0.1");
    server.addresses(NAME, "10.0.0.2");
    assertThat(texts(names.addresses(NAME))).containsExactly("10.0.0.2");
  }

  @Test
  void aTruncatedAnswerIsAskedForAgainOverTcp() {
    server.mostByUdp = 3;
    server.addresses(
        NAME, IntStream.rangeClosed(1, 200).mapToObj(i -> "10.0.1." + i).toArray(String[]::new));
    server.services(
        SERVICE, IntStream.rangeClosed(1, 100).mapToObj(i -> "n" + i + ".ring.test:7946").toList());
    assertThat(texts(names.addresses(NAME))).hasSize(200);
    assertThat(join(names.services(SERVICE))).hasSize(100);
    assertThat(server.overTcp).hasValueGreaterThanOrEqualTo(2);
  }

  @Test
  void ofAVastAnswerAThousandAreTaken() {
    server.mostByUdp = 3;
    server.addresses(
        NAME,
        IntStream.range(0, 2_500)
            .mapToObj(i -> "10.1." + i / 250 + "." + i % 250)
            .toArray(String[]::new));
    assertThat(texts(names.addresses(NAME))).hasSize(Names.MOST);
  }

  @Test
  void servicesAreReadWithTargetAndPort() {
    server.services(SERVICE, List.of("n1.ring.test:7946", "10.0.0.7:7000"));
    assertThat(join(names.services(SERVICE)))
        .containsExactlyInAnyOrder(
            new Names.Target("n1.ring.test.", 7946), new Names.Target("10.0.0.7.", 7000));
  }

  @Test
  void failuresAreToldApart() {
    refuses(names.addresses("nowhere.test"), "no such name");
    refuses(names.services("_nothing._tcp.test"), "no such name");
    server.addresses(NAME, "10.0.0.1");
    refuses(names.addresses("a".repeat(64) + ".test"), "");
    server.failing = true;
    refuses(names.addresses(NAME), "servfail");
    server.failing = false;
    server.silent = true;
    refuses(names.addresses(NAME), "the name server doesn't answer");
    server.silent = false;
    assertThat(texts(names.addresses(NAME))).containsExactly("10.0.0.1");
    names.close();
    refuses(names.addresses(NAME), "stopped");
  }

  private static List<String> texts(CompletionStage<List<InetAddress>> answer) {
    return join(answer).stream().map(NetUtil::toAddressString).toList();
  }

  private static void refuses(CompletionStage<?> answer, String word) {
    assertThatThrownBy(() -> join(answer))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(Names.Unknown.class)
        .hasMessageContaining(word);
  }

  private static <T> T join(CompletionStage<T> answer) {
    return answer.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
