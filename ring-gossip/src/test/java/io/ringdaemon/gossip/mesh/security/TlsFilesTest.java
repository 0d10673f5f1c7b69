package io.ringdaemon.gossip.mesh.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PEM files: read, or refused with the line. */
class TlsFilesTest {
  @TempDir static Path folder;
  private static Tls good;

  @BeforeAll
  static void make() {
    good = new TestCertificates(folder, "one").tls("n1");
  }

  @Test
  void aCertificateItsKeyAndAnAuthorityAreCredentials() throws Exception {
    TlsCredentials loaded = good.load();
    assertThat(loaded.told()).contains("CN=n1");
    assertThat(loaded.notAfter()).isAfter(java.time.Instant.EPOCH);
    assertThat(loaded.toString()).doesNotContain("PRIVATE");
  }

  @Test
  void whatIsWrongInAFileIsToldByItsLine() throws Exception {
    String certificate = Files.readString(good.certificate());
    refused("x\n\n" + certificate.replace("MII", "!!!"), ":3: not base64");
    refused(certificate + certificate.replaceFirst("-----END[^\n]*\n", ""), ":12: -----BEGIN CERT");
    refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ":1: not a cert");
    refused("nothing\n", ": holds no certificate");
    refusedKey(
        Files.readString(good.key()).replace("PRIVATE", "RSA PRIVATE"), ":1: expected a key");
    refusedKey(Files.readString(good.key()).replace("PRIVATE", "ENCRYPTED PRIVATE"), "passphrase");
    refusedKey(
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", ":1: not a private");
    refusedKey(certificate, ": holds no private key");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() {
    TestCertificates certificates = new TestCertificates(folder, "two");
    certificates.certificate("n2", 30);
    assertThatThrownBy(() -> with(good.certificate(), certificates.key("n2")).load())
        .isInstanceOf(SecretFileException.class)
        .hasMessageContaining("not the key of the first certificate in");
  }

  private static void refused(String certificate, String problem) throws Exception {
    Path file = Files.writeString(folder.resolve("bad.pem"), certificate);
    assertThatThrownBy(() -> with(file, good.key()).load())
        .isInstanceOf(SecretFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(problem);
  }

  private static void refusedKey(String key, String problem) throws Exception {
    Path file = Files.writeString(folder.resolve("bad-key.pem"), key);
    assertThatThrownBy(() -> with(good.certificate(), file).load())
        .isInstanceOf(SecretFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(problem);
  }

  private static Tls with(Path certificate, Path key) {
    return new Tls(
        certificate, key, List.of(good.authorities().get(0)), "", false, Tls.ClientAuth.REQUIRE);
  }
}
