package io.ringdaemon.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.kv.Key;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.store.RemoteKvStore;
import io.ringdaemon.store.TcpProxy;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
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
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;
  private Path cert;
  private Path key;

  @BeforeEach
  void makeCertificate() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "etcd",
                "-keyalg",
                "EC",
                "-dname",
                "CN=etcd.test",
                "-ext",
                "san=dns:etcd.test,ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    cert = pem("CERTIFICATE", keys.getCertificate("etcd").getEncoded());
    key = pem("PRIVATE KEY", keys.getKey("etcd", PASSWORD).getEncoded());
  }

  private Path pem(String what, byte[] bytes) throws Exception {
    Path file = folder.resolve(what.replace(' ', '-') + ".pem");
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, body, what));
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
        Optional.of(new EtcdConfig.Tls(cert, key, ca, "etcd.test", false, List.of(), "TLSv1.2")));
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
                new EtcdConfig.Tls(
                    "", "", folder.resolve("none.pem").toString(), "", false, List.of(), "")));
    assertThatThrownBy(() -> new EtcdBackend(broken))
        .hasMessageContaining("the certificates for etcd can't be used")
        .hasMessageContaining("none.pem");
  }
}
