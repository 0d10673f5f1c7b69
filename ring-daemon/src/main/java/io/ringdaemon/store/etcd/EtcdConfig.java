package io.ringdaemon.store.etcd;

import io.ringdaemon.store.Tls;
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
}
