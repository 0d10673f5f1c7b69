package io.ringdaemon.gossip.mesh.security;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Certificates and keys, ready for connections both ways. Immutable; a connection keeps those it
 * was made with.
 *
 * @param serverName as in {@link Tls}
 * @param notAfter when this node's certificate ends
 */
public record TlsCredentials(
    SslContext server, SslContext client, String serverName, Instant notAfter, String subject)
    implements Credentials {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  static TlsCredentials load(Tls tls) throws SecretFileException {
    List<X509Certificate> chain = Pem.certificates(tls.certificate());
    PrivateKey key = Pem.privateKey(tls.key());
    if (!fit(key, chain.get(0).getPublicKey())) {
      throw new SecretFileException(
          tls.key(), "not the key of the first certificate in " + tls.certificate());
    }
    List<X509Certificate> authorities = new ArrayList<>();
    for (Path file : tls.authorities()) {
      authorities.addAll(Pem.certificates(file));
    }
    X509Certificate[] own = chain.toArray(X509Certificate[]::new);
    X509Certificate[] trusted = authorities.toArray(X509Certificate[]::new);
    try {
      return new TlsCredentials(
          server(tls, key, own, trusted),
          client(tls, key, own, trusted),
          tls.serverName(),
          chain.get(0).getNotAfter().toInstant(),
          chain.get(0).getSubjectX500Principal().getName());
    } catch (SSLException | IllegalArgumentException e) {
      throw new SecretFileException(tls.certificate(), "can't be used: " + e.getMessage());
    }
  }

  private static SslContext server(
      Tls tls, PrivateKey key, X509Certificate[] own, X509Certificate[] trusted)
      throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, own)
            .sslProvider(SslProvider.JDK)
            .protocols(PROTOCOLS)
            .clientAuth(ClientAuth.valueOf(auth(tls.clientAuth())));
    return (trusted.length == 0 ? builder : builder.trustManager(trusted)).build();
  }

  private static SslContext client(
      Tls tls, PrivateKey key, X509Certificate[] own, X509Certificate[] trusted)
      throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(PROTOCOLS)
            .keyManager(key, own);
    if (tls.insecureSkipVerify()) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm("");
    } else {
      builder.endpointIdentificationAlgorithm("HTTPS");
      if (trusted.length > 0) {
        builder.trustManager(trusted);
      }
    }
    return builder.build();
  }

  private static String auth(Tls.ClientAuth asked) {
    return switch (asked) {
      case REQUIRE -> "REQUIRE";
      case WANT -> "OPTIONAL";
      case NONE -> "NONE";
    };
  }

  /** Whether what one signs the other verifies. */
  private static boolean fit(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    try {
      byte[] text = "ring-daemon".getBytes(Hmac.ASCII);
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certified);
      verifying.update(text);
      return verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String told() {
    return "certificate of " + subject + ", valid until " + notAfter;
  }
}
