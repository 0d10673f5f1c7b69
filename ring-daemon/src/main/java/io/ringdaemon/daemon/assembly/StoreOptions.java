package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.InvalidSetting;
import io.ringdaemon.daemon.config.KvStoreConfig;
import io.ringdaemon.daemon.config.Secret;
import io.ringdaemon.store.Tls;
import io.ringdaemon.store.consul.ConsulConfig;
import io.ringdaemon.store.etcd.EtcdConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options of stores as the clients take them; reads the files of secrets. */
final class StoreOptions {
  private StoreOptions() {}

  static EtcdConfig etcd(KvStoreConfig.Etcd options) {
    Tls tls =
        new Tls(
            options.tlsCertPath(),
            options.tlsKeyPath(),
            options.tlsCaPath(),
            options.tlsServerName(),
            options.tlsInsecureSkipVerify(),
            options.tlsCipherSuites().isEmpty()
                ? List.of()
                : List.of(options.tlsCipherSuites().split(",", -1)),
            options.tlsMinVersion().equals("VersionTLS13") ? "TLSv1.3" : "TLSv1.2");
    return new EtcdConfig(
        options.endpoints(),
        options.dialTimeout(),
        options.requestTimeout(),
        options.username(),
        secret(options.password(), options.passwordFile(), "etcd", "password_file"),
        options.tlsEnabled() ? Optional.of(tls) : Optional.empty());
  }

  static ConsulConfig consul(KvStoreConfig.Consul options) {
    Tls tls =
        new Tls(
            options.tlsCertPath(),
            options.tlsKeyPath(),
            options.tlsCaPath(),
            options.tlsServerName(),
            options.tlsInsecureSkipVerify(),
            List.of(),
            "");
    return new ConsulConfig(
        options.host(),
        secret(options.aclToken(), options.aclTokenFile(), "consul", "acl_token_file"),
        options.requestTimeout(),
        options.httpClientTimeout(),
        options.consistentReads(),
        new ConsulConfig.WatchRate(options.watchRateLimit(), options.watchBurstSize()),
        options.tlsEnabled() ? Optional.of(tls) : Optional.empty());
  }

  private static String secret(Secret given, String file, String... option) {
    if (file.isEmpty()) {
      return given.text();
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException unreadable) {
      throw new InvalidSetting(file, "a file that can be read", option);
    }
  }
}
