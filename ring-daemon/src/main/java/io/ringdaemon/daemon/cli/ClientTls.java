package io.ringdaemon.daemon.cli;

import io.ringdaemon.gossip.mesh.security.Pem;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS with certificates from PEM files, for a command. */
final class ClientTls {
  private static final char[] NO_PASSWORD = {};

  private ClientTls() {}

  /** Trusts who {@code authority} signed (empty: whom the JDK trusts); shows a certificate. */
  static SSLSocketFactory sockets(
      Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate.isPresent() ? own(certificate.get(), key.orElseThrow()) : null,
          authority.isPresent() ? trusted(authority.get()) : null,
          null);
      return context.getSocketFactory();
    } catch (SecretFileException unusable) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(unusable.getMessage()));
    } catch (GeneralSecurityException | IOException unusable) {
      throw new CommandFailure(
          ExitCode.USAGE, "the certificates given can't be used: " + unusable.getMessage());
    }
  }

  private static KeyManager[] own(Path certificate, Path key)
      throws SecretFileException, GeneralSecurityException, IOException {
    List<X509Certificate> chain = Pem.certificates(certificate);
    KeyStore store = empty();
    store.setKeyEntry(
        "own", Pem.privateKey(key), NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trusted(Path authority)
      throws SecretFileException, GeneralSecurityException, IOException {
    KeyStore store = empty();
    int number = 0;
    for (X509Certificate one : Pem.certificates(authority)) {
      store.setCertificateEntry("ca-" + number++, one);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
