package io.ringdaemon.daemon.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Where a ring's value lives. */
public record KvStoreConfig(Store store, String prefix, Etcd etcd, Consul consul) {
  public static final KvStoreConfig DEFAULTS =
      new KvStoreConfig(Store.MEMBERLIST, "collectors/", Etcd.DEFAULTS, Consul.DEFAULTS);

  public KvStoreConfig {
    InvalidSetting.unless(prefix.length() <= 512, "prefix", prefix, "at most 512 characters");
  }

  /** The store and which one of its kind, to see whether two rings share it. */
  String place() {
    return switch (store) {
      case ETCD -> store + " " + etcd.endpoints();
      case CONSUL -> store + " " + consul.host();
      default -> store.toString();
    };
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
    MULTI
  }

  /** Used when the store is etcd. */
  public record Etcd(List<String> endpoints) {
    public static final Etcd DEFAULTS = new Etcd(List.of());

    public Etcd {
      endpoints = List.copyOf(endpoints);
      for (String endpoint : endpoints) {
        InvalidSetting.unless(
            HostPort.parse(endpoint).isPresent(), "endpoints", endpoint, "HOST:PORT for each");
      }
    }
  }

  /** Used when the store is Consul. */
  public record Consul(String host) {
    public static final Consul DEFAULTS = new Consul("localhost:8500");

    public Consul {
      InvalidSetting.unless(HostPort.parse(host).isPresent(), "host", host, "HOST:PORT");
    }
  }
}
