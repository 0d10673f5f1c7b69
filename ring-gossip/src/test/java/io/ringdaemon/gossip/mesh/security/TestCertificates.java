package io.ringdaemon.gossip.mesh.security;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority and certificates for nodes on loopback, made when a test runs by the
 * JDK's keytool; no key is kept in the repository.
 */
public final class TestCertificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final String name;

  /** Makes an authority; {@code name} is also the prefix of its files in {@code folder}. */
  public TestCertificates(Path folder, String name) {
    this.folder = folder;
    this.name = name;
    keytool("-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c=ca:true");
    write(folder.resolve(name + "-ca.pem"), certificate("ca"));
  }

  /** The certificate of the authority. */
  public Path authority() {
    return folder.resolve(name + "-ca.pem");
  }

  /** A node's certificate for 127.0.0.1, ::1 and {@code ring.test}, signed by this authority. */
  public Path certificate(String node, int days) {
    keytool(
        "-alias",
        node,
        "-signer",
        "ca",
        "-dname",
        "CN=" + node,
        "-validity",
        Integer.toString(days),
        "-ext",
        "san=ip:127.0.0.1,ip:0:0:0:0:0:0:0:1,dns:ring.test",
        "-ext",
        "eku=serverAuth,clientAuth");
    write(key(node), pem("PRIVATE KEY", privateKey(node)));
    Path file = folder.resolve(name + "-" + node + ".pem");
    write(file, certificate(node));
    return file;
  }

  /** The private key of a node whose certificate was made. */
  public Path key(String node) {
    return folder.resolve(name + "-" + node + "-key.pem");
  }

  /** TLS with the certificate of {@code node}, both sides proving themselves. */
  public Tls tls(String node) {
    return new Tls(
        certificate(node, 30), key(node), List.of(authority()), "", false, Tls.ClientAuth.REQUIRE);
  }

  private void keytool(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-keystore", store().toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("keytool failed: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path store() {
    return folder.resolve(name + ".p12");
  }

  private String certificate(String alias) {
    try {
      return pem("CERTIFICATE", load().getCertificate(alias).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] privateKey(String alias) {
    try {
      return load().getKey(alias, PASSWORD).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore load() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      store.load(in, PASSWORD);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String label, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), label);
  }

  /** At once, as those who renew certificates do it. */
  static void write(Path file, String text) {
    try {
      Path beside = file.resolveSibling(file.getFileName() + ".tmp");
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
