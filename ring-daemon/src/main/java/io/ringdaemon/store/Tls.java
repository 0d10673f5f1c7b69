package io.ringdaemon.store;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * TLS to a store; an empty path or name means "not given", as in dskit's options of these names.
 *
 * @param serverName to be found in the server's certificate in place of the host that is called
 * @param minVersion a name as Java has it: {@code TLSv1.2}
 */
public record Tls(
    String certPath,
    String keyPath,
    String caPath,
    String serverName,
    boolean insecureSkipVerify,
    List<String> cipherSuites,
    String minVersion) {
  public Tls {
    cipherSuites = List.copyOf(cipherSuites);
  }

  /**
   * Completes {@code builder}; reads the files. Fails with {@link IllegalArgumentException} if they
   * can't be used for {@code store}.
   */
  public SslContext context(SslContextBuilder builder, String store) {
    try {
      if (!certPath.isEmpty()) {
        builder.keyManager(new File(certPath), new File(keyPath));
      }
      if (insecureSkipVerify) {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
      } else if (!caPath.isEmpty()) {
        builder.trustManager(new File(caPath));
      }
      if (!cipherSuites.isEmpty()) {
        builder.ciphers(cipherSuites);
      }
      return builder.protocols(protocols()).build();
    } catch (SSLException | IllegalArgumentException unusable) {
      Throwable why = unusable.getCause() == null ? unusable : unusable.getCause();
      throw new IllegalArgumentException(
          "the certificates for %s can't be used: %s".formatted(store, why.getMessage()), unusable);
    }
  }

  /** By Java's names. */
  public List<String> protocols() {
    return minVersion.equals("TLSv1.3") ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2");
  }
}
