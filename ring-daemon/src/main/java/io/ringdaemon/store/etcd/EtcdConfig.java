package io.ringdaemon.store.etcd;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How etcd is reached.
 *
 * @param endpoints {@code host:port} of one or more members of the same cluster
 * @param username empty: nobody in particular
 */
public record EtcdConfig(
    List<String> endpoints,
    Duration dialTimeout,
    Duration requestTimeout,
    String username,
    String password,
    Optional<Tls> tls) {
  public EtcdConfig {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("etcd needs an endpoint");
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "etcd at " + String.join(", ", endpoints);
  }

  /**
   * TLS to etcd; an empty path or name means "not given", as in dskit's options of these names.
   *
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
  }
}
