package io.ringdaemon.gossip.mesh.security;

import java.nio.file.Path;
import java.util.List;

/**
 * Every connection is TLS 1.2 or 1.3, with certificates from PEM files.
 *
 * @param certificate this node's, then those between it and the CA
 * @param key the private key of the first of them
 * @param authorities who may sign a node's certificate; empty: those that the JDK trusts
 * @param serverName what a peer's certificate must name; empty: the address dialed
 * @param insecureSkipVerify whether the certificate of the node dialed may be anything
 */
public record Tls(
    Path certificate,
    Path key,
    List<Path> authorities,
    String serverName,
    boolean insecureSkipVerify,
    ClientAuth clientAuth)
    implements Protection {

  /** What a caller's certificate is asked for. */
  public enum ClientAuth {
    REQUIRE,
    WANT,
    NONE
  }

  public Tls {
    authorities = List.copyOf(authorities);
  }

  @Override
  public List<Path> files() {
    List<Path> files = new java.util.ArrayList<>(List.of(certificate, key));
    files.addAll(authorities);
    return files;
  }

  @Override
  public TlsCredentials load() throws SecretFileException {
    return TlsCredentials.load(this);
  }
}
