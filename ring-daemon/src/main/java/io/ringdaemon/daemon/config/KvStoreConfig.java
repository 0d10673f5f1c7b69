package io.ringdaemon.daemon.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Where a ring's value lives. */
public record KvStoreConfig(Store store, String prefix, Etcd etcd, Consul consul, Multi multi) {
  public static final KvStoreConfig DEFAULTS =
      new KvStoreConfig(
          Store.MEMBERLIST, "collectors/", Etcd.DEFAULTS, Consul.DEFAULTS, Multi.DEFAULTS);

  public KvStoreConfig {
    InvalidSetting.unless(prefix.length() <= 512, "prefix", prefix, "at most 512 characters");
  }

  /** The stores in use: of {@code multi} its two, the primary first. */
  public List<Store> used() {
    return store == Store.MULTI
        ? Stream.of(multi.primary, multi.secondary)
            .flatMap(name -> Store.named(name).stream())
            .toList()
        : List.of(store);
  }

  /** The stores and which ones of their kind, to see whether two rings share one. */
  List<String> places() {
    return used().stream()
        .map(
            one ->
                switch (one) {
                  case ETCD -> one + " " + etcd.endpoints();
                  case CONSUL -> one + " " + consul.host();
                  default -> one.toString();
                })
        .toList();
  }

  private static void checkPair(String certPath, String keyPath) {
    InvalidSetting.unless(
        certPath.isEmpty() == keyPath.isEmpty(),
        "tls_key_path",
        keyPath,
        "the key of tls_cert_path: both or neither");
  }

  /** The kinds of store. */
  public enum Store {
    @JsonProperty("memberlist")
    MEMBERLIST,
    @JsonProperty("etcd")
    ETCD,
    @JsonProperty("consul")
    CONSUL,
    @JsonProperty("inmemory")
    INMEMORY,
    @JsonProperty("multi")
    MULTI;

    /** As in the configuration. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** None if there is no such store. */
    public static java.util.Optional<Store> named(String word) {
      return Stream.of(values()).filter(store -> store.word().equals(word)).findFirst();
    }
  }

  /**
   * Used when the store is etcd; the names are dskit's, but for the two last.
   *
   * @param tlsCipherSuites names with commas between them
   * @param tlsMinVersion {@code VersionTLS12} or {@code VersionTLS13}
   * @param passwordFile in place of {@code password}: the file that holds it
   * @param requestTimeout of one request
   */
  public record Etcd(
      List<String> endpoints,
      Duration dialTimeout,
      int maxRetries,
      boolean tlsEnabled,
      String tlsCertPath,
      String tlsKeyPath,
      String tlsCaPath,
      String tlsServerName,
      boolean tlsInsecureSkipVerify,
      String tlsCipherSuites,
      String tlsMinVersion,
      String username,
      Secret password,
      String passwordFile,
      Duration requestTimeout) {
    public static final Etcd DEFAULTS =
        new Etcd(
            List.of(),
            Duration.ofSeconds(10),
            10,
            false,
            "",
            "",
            "",
            "",
            false,
            "",
            "",
            "",
            Secret.NONE,
            "",
            Duration.ofSeconds(2));

    public Etcd {
      endpoints = List.copyOf(endpoints);
      for (String endpoint : endpoints) {
        InvalidSetting.unless(
            HostPort.parse(endpoint).isPresent(), "endpoints", endpoint, "HOST:PORT for each");
      }
      InvalidSetting.unlessWithin("dial_timeout", dialTimeout, "100ms", "1m");
      InvalidSetting.unlessWithin("request_timeout", requestTimeout, "100ms", "1m");
      InvalidSetting.unlessWithin("max_retries", maxRetries, 1, 100);
      checkPair(tlsCertPath, tlsKeyPath);
      InvalidSetting.unless(
          List.of("", "VersionTLS12", "VersionTLS13").contains(tlsMinVersion),
          "tls_min_version",
          tlsMinVersion,
          "VersionTLS12 or VersionTLS13");
      InvalidSetting.unless(
          password.isEmpty() || passwordFile.isEmpty(),
          "password_file",
          passwordFile,
          "nothing where password is set");
      InvalidSetting.unless(
          username.isEmpty() == (password.isEmpty() && passwordFile.isEmpty()),
          "username",
          username,
          "a user and a password (or password_file): both or neither");
    }
  }

  /**
   * Used when the store is Consul; the names up to {@code casRetryDelay} are dskit's.
   *
   * @param aclTokenFile in place of {@code aclToken}: the file that holds it
   * @param httpClientTimeout of a request that waits for a change
   * @param watchRateLimit how often a second a watch may ask; 0: as often as something changes
   * @param casRetryDelay the longest pause between two tries of a change
   * @param requestTimeout of any other request
   */
  public record Consul(
      String host,
      Secret aclToken,
      String aclTokenFile,
      Duration httpClientTimeout,
      boolean consistentReads,
      double watchRateLimit,
      int watchBurstSize,
      Duration casRetryDelay,
      Duration requestTimeout,
      boolean tlsEnabled,
      String tlsCertPath,
      String tlsKeyPath,
      String tlsCaPath,
      String tlsServerName,
      boolean tlsInsecureSkipVerify) {
    public static final Consul DEFAULTS =
        new Consul(
            "localhost:8500",
            Secret.NONE,
            "",
            Duration.ofSeconds(20),
            false,
            1,
            2,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            false,
            "",
            "",
            "",
            "",
            false);

    public Consul {
      InvalidSetting.unless(HostPort.parse(host).isPresent(), "host", host, "HOST:PORT");
      InvalidSetting.unless(
          aclToken.isEmpty() || aclTokenFile.isEmpty(),
          "acl_token_file",
          aclTokenFile,
          "nothing where acl_token is set");
      InvalidSetting.unlessWithin("http_client_timeout", httpClientTimeout, "2s", "10m");
      InvalidSetting.unless(
          watchRateLimit >= 0 && watchRateLimit <= 1000,
          "watch_rate_limit",
          watchRateLimit,
          "a number from 0 to 1000");
      InvalidSetting.unlessWithin("watch_burst_size", watchBurstSize, 1, 1000);
      InvalidSetting.unlessWithin("cas_retry_delay", casRetryDelay, "10ms", "1m");
      InvalidSetting.unlessWithin("request_timeout", requestTimeout, "100ms", "1m");
      checkPair(tlsCertPath, tlsKeyPath);
    }
  }

  /**
   * Used when the store is multi: two stores, one of which is read and written; the other follows
   * while mirroring. Their options are those beside this.
   */
  public record Multi(
      String primary, String secondary, boolean mirrorEnabled, Duration mirrorTimeout) {
    public static final Multi DEFAULTS = new Multi("", "", false, Duration.ofSeconds(2));

    public Multi {
      check("primary", primary);
      check("secondary", secondary);
      InvalidSetting.unless(
          primary.isEmpty() || !primary.equals(secondary),
          "secondary",
          secondary,
          "another store than primary");
      InvalidSetting.unlessWithin("mirror_timeout", mirrorTimeout, "100ms", "1m");
    }

    private static void check(String field, String word) {
      InvalidSetting.unless(
          word.isEmpty() || Store.named(word).filter(store -> store != Store.MULTI).isPresent(),
          field,
          word,
          "memberlist, etcd, consul or inmemory");
    }
  }
}
