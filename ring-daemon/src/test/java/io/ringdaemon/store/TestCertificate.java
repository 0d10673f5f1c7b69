package io.ringdaemon.store;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** A certificate that signs itself, for a name and for 127.0.0.1, and its key, as PEM files. */
public record TestCertificate(Path cert, Path key) {
  private static final String PASSWORD = "changeit";

  /** Makes one by the JDK's keytool. */
  public static TestCertificate make(Path folder, String name) throws Exception {
    return make(folder, name, "dns:" + name + ",ip:127.0.0.1");
  }

  /** One for the names of {@code san}, as keytool has them. */
  public static TestCertificate make(Path folder, String name, String san) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + san,
                "-ext",
                "bc=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    if (!keytool.waitFor(1, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool made no certificate");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificate(
        pem(folder, name, "CERTIFICATE", keys.getCertificate(name).getEncoded()),
        pem(folder, name, "PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded()));
  }

  private static Path pem(Path folder, String name, String what, byte[] bytes) throws Exception {
    Path file = folder.resolve(name + "-" + what.replace(' ', '-') + ".pem");
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, body, what));
  }
}
