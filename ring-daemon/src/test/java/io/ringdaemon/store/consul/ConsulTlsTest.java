package io.ringdaemon.store.consul;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.kv.Key;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.store.RemoteKvStore;
import io.ringdaemon.store.TcpProxy;
import io.ringdaemon.store.TestCertificate;
import io.ringdaemon.store.Tls;
import io.ringdaemon.time.World;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Consul that speaks TLS only and wants the client's certificate. */
@Tag("slow")
class ConsulTlsTest {
  private static final Key<RingDesc> KEY = new Key<>("collectors/ring", RingCodec.INSTANCE);

  @TempDir Path folder;

  private static ConsulConfig config(int port, Tls tls) {
    return new ConsulConfig(
        "127.0.0.1:" + port,
        "",
        Duration.ofSeconds(2),
        Duration.ofSeconds(20),
        false,
        ConsulConfig.WatchRate.DEFAULT,
        Optional.of(tls));
  }

  private static Tls tls(String cert, String key, String ca, String name, boolean skip) {
    return new Tls(cert, key, ca, name, skip, List.of(), "");
  }

  private static RealClient client(int port, Tls tls) throws Exception {
    RealClient client =
        new RealClient(
            new TcpProxy(1),
            world ->
                new RemoteKvStore(
                    world,
                    new ConsulBackend(world, config(port, tls)),
                    RemoteKvStore.Settings.DEFAULTS,
                    Metrics.unseen()));
    client.on(() -> client.store().get(KEY));
    return client;
  }

  private static void untilTrouble(RealClient client, String text) {
    RealClient.until(
        "it tells: " + text + ", not " + client.store().trouble(KEY.name()),
        () ->
            client
                .store()
                .trouble(KEY.name())
                .filter(one -> one.text().contains(text))
                .isPresent());
  }

  @Test
  void withBothCertificatesItWorksAndWithoutItSaysWhy() throws Exception {
    TestCertificate made = TestCertificate.make(folder, "consul.test", "dns:consul.test");
    String cert = made.cert().toString();
    String key = made.key().toString();
    try (ConsulServer consul =
            ConsulServer.start(
                folder,
                true,
                "",
                "tls { https { cert_file = \"%s\" key_file = \"%s\" ca_file = \"%s\" verify_incoming = true } }"
                    .formatted(cert, key, cert));
        RealClient right = client(consul.port(), tls(cert, key, cert, "consul.test", false));
        RealClient careless = client(consul.port(), tls(cert, key, "", "", true));
        RealClient untrusting = client(consul.port(), tls(cert, key, "", "consul.test", false));
        RealClient misnamed = client(consul.port(), tls(cert, key, cert, "", false))) {
      RealClient.until("it is well", () -> right.store().trouble(KEY.name()).isEmpty());
      right
          .on(
              () ->
                  right
                      .store()
                      .cas(
                          KEY, ring -> ring.with(InstanceDesc.of("a", "", "").withTimestamp(1, 1))))
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
      RealClient.until("it is well", () -> careless.store().trouble(KEY.name()).isEmpty());
      untilTrouble(untrusting, "certification path");
      untilTrouble(misnamed, "No subject alternative names");
    }
  }

  @Test
  void certificatesThatCanNotBeReadAreRefusedAtTheStart() {
    NettyLoop loop = new NettyLoop(Metrics.unseen());
    World world = new World(Clock.systemUTC(), loop, new SplittableRandom(1));
    ConsulConfig broken = config(1, tls("", "", folder.resolve("none.pem").toString(), "", false));
    assertThatThrownBy(() -> new ConsulBackend(world, broken))
        .hasMessageContaining("the certificates for Consul can't be used")
        .hasMessageContaining("none.pem");
    loop.stop();
  }
}
