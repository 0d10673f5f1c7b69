package io.ringdaemon.store.etcd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd that speaks TLS only and wants the client's certificate. */
@Tag("slow")
class EtcdTlsTest {
  private static final Key<RingDesc> KEY = new Key<>("collectors/ring", RingCodec.INSTANCE);

  @TempDir Path folder;
  private Path cert;
  private Path key;

  @BeforeEach
  void makeCertificate() throws Exception {
    TestCertificate made = TestCertificate.make(folder, "etcd.test");
    cert = made.cert();
    key = made.key();
  }

  private EtcdServer etcd() throws Exception {
    return EtcdServer.startAs(
        "https",
        folder,
        "--cert-file=" + cert,
        "--key-file=" + key,
        "--client-cert-auth",
        "--trusted-ca-file=" + cert);
  }

  private static EtcdConfig config(EtcdServer etcd, String cert, String key, String ca) {
    return new EtcdConfig(
        List.of(etcd.endpoint()),
        Duration.ofSeconds(2),
        Duration.ofSeconds(2),
        "",
        "",
        Optional.of(new Tls(cert, key, ca, "etcd.test", false, List.of(), "TLSv1.2")));
  }

  private static RealClient client(EtcdBackend backend) throws Exception {
    RealClient client =
        new RealClient(
            new TcpProxy(1),
            world ->
                new RemoteKvStore(
                    world, backend, RemoteKvStore.Settings.DEFAULTS, Metrics.unseen()));
    client.on(() -> client.store().get(KEY));
    return client;
  }

  @Test
  void withBothCertificatesItWorksAndWithoutItSaysWhy() throws Exception {
    try (EtcdServer etcd = etcd();
        EtcdBackend trusted =
            new EtcdBackend(config(etcd, cert.toString(), key.toString(), cert.toString()));
        RealClient right = client(trusted);
        EtcdBackend untrusting = new EtcdBackend(config(etcd, "", "", ""));
        RealClient wrong = client(untrusting)) {
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
      RealClient.until(
          "it tells of the certificate: " + wrong.store().trouble(KEY.name()),
          () ->
              wrong
                  .store()
                  .trouble(KEY.name())
                  .filter(one -> one.text().contains("certification path"))
                  .isPresent());
    }
  }

  @Test
  void certificatesThatCanNotBeReadAreRefusedAtTheStart() throws Exception {
    EtcdConfig broken =
        new EtcdConfig(
            List.of("127.0.0.1:1"),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            "",
            "",
            Optional.of(
                new Tls("", "", folder.resolve("none.pem").toString(), "", false, List.of(), "")));
    assertThatThrownBy(() -> new EtcdBackend(broken))
        .hasMessageContaining("the certificates for etcd can't be used")
        .hasMessageContaining("none.pem");
  }
}
