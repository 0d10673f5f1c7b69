package io.ringdaemon.daemon.config;

import io.ringdaemon.daemon.config.KvStoreConfig.Store;
import io.ringdaemon.daemon.process.ProcessGroup;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is well written but must not be started: not built yet, open to everybody, or an island by
 * mistake.
 */
public final class ConfigCheck {
  private ConfigCheck() {}

  /** Throws a {@link ConfigException} with every reason why {@code config} must not be started. */
  public static void refuseUnstartable(DaemonConfig config) {
    var problems = new ArrayList<String>();
    addUnbuilt(config, problems);
    addExposed(config, problems);
    addIsland(config.memberlist(), problems);
    addUnprotected(config.memberlist(), problems);
    addUnusable(config.server(), problems);
    addZoneless(config, problems);
    config.rings().forEach((name, ring) -> addMissingCommands("rings." + name, ring, problems));
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static void addUnbuilt(DaemonConfig config, List<String> problems) {
    if (config.memberlist().engine() == MemberlistConfig.Engine.MEMBERLIST) {
      problems.add("memberlist.engine: \"memberlist\" is not in this build yet: use scalecube");
    }
    config
        .rings()
        .forEach(
            (name, ring) -> {
              addStore(
                  "rings." + name + ".kvstore.", ring.kvstore(), ring.storeKey(name), problems);
            });
    if (!config.partitionRings().isEmpty()) {
      problems.add("partition_rings: not in this build yet: leave it out");
    }
  }

  private static void addZoneless(DaemonConfig config, List<String> problems) {
    MemberlistConfig.ZoneAwareRouting routing = config.memberlist().zoneAwareRouting();
    boolean named =
        !routing.instanceAvailabilityZone().isEmpty()
            || config.rings().values().stream().anyMatch(ring -> !ring.instanceZone().isEmpty());
    if (routing.enabled() && !named) {
      problems.add(
          "memberlist.zone_aware_routing.enabled: this node has no zone: name it by"
              + " memberlist.zone_aware_routing.instance_availability_zone or a ring's"
              + " instance_zone");
    }
  }

  private static void addMissingCommands(String at, RingConfig ring, List<String> problems) {
    addMissing(
        at + ".leader_election.on_leader_start",
        ring.leaderElection().onLeaderStart(),
        HookConfig::command,
        problems);
    addMissing(
        at + ".leader_election.on_leader_stop",
        ring.leaderElection().onLeaderStop(),
        HookConfig::command,
        problems);
    addMissing(at + ".checks", ring.checks(), CheckConfig::exec, problems);
  }

  private static <T> void addMissing(
      String at, List<T> some, Function<T, List<String>> command, List<String> problems) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (int i = 0; i < some.size(); i++) {
      List<String> words = command.apply(some.get(i));
      if (!words.isEmpty() && ProcessGroup.find(words.get(0), path).isEmpty()) {
        problems.add(
            "%s.%d: %s: no such command, or it may not be run: give its whole path"
                .formatted(at, i, words.get(0)));
      }
    }
  }

  private static void addStore(
      String path, KvStoreConfig kvstore, String key, List<String> problems) {
    List<Store> used = kvstore.used();
    if (kvstore.store() == Store.MULTI && used.size() < 2) {
      problems.add(
          path + "multi: name primary and secondary: memberlist, etcd, consul or inmemory");
    }
    if (used.contains(Store.ETCD) && kvstore.etcd().endpoints().isEmpty()) {
      problems.add(path + "etcd.endpoints: name at least one, as HOST:PORT");
    }
    if (used.contains(Store.CONSUL) && key.startsWith("/")) {
      problems.add(path + "prefix: keys in Consul don't begin with a slash: leave it out");
    }
  }

  private static void addExposed(DaemonConfig config, List<String> problems) {
    ServerConfig server = config.server();
    boolean open = !server.credentials() && !server.allowInsecure();
    if (!HostPort.isLoopback(server.httpListenAddress()) && open) {
      problems.add(
          "server.http_listen_address: "
              + server.httpListenAddress()
              + " is beyond loopback, and without credentials anybody there could change rings:"
              + " name who may in server.auth_file (docs/security.md), bind to 127.0.0.1, or accept"
              + " that with server.allow_insecure: true");
    }
    MemberlistConfig gossip = config.memberlist();
    boolean bare = !gossip.tlsEnabled() && gossip.encryptionKeysFile().isEmpty();
    if (!HostPort.isLoopback(gossip.bindAddr()) && !gossip.allowInsecure() && bare) {
      problems.add(
          "memberlist.bind_addr: "
              + gossip.bindAddr()
              + " is beyond loopback, and gossip has neither TLS nor keys: set"
              + " memberlist.tls_enabled or memberlist.encryption_keys_file, bind to 127.0.0.1, or"
              + " accept that with memberlist.allow_insecure: true");
    }
  }

  /** TLS or keys that would not work; reads the files. */
  private static void addUnprotected(MemberlistConfig gossip, List<String> problems) {
    int before = problems.size();
    if (gossip.tlsEnabled()) {
      if (!gossip.encryptionKeysFile().isEmpty()) {
        problems.add(
            "memberlist.encryption_keys_file: TLS encrypts already: leave out one of the two");
      }
      if (gossip.tlsCertPath().isEmpty() || gossip.tlsKeyPath().isEmpty()) {
        problems.add(
            "memberlist.tls_enabled: needs tls_cert_path and tls_key_path, this node's certificate"
                + " and its key");
      }
      boolean proofs = gossip.tlsClientAuth() != MemberlistConfig.ClientAuth.NONE;
      if (gossip.tlsCaPath().isEmpty() && proofs) {
        problems.add(
            "memberlist.tls_ca_path: name the certificates of those who sign the nodes'"
                + " certificates, or anybody with a certificate may call; tls_client_auth: none"
                + " accepts that");
      }
    }
    if (problems.size() == before) {
      try {
        gossip.protection().load();
      } catch (SecretFileException unusable) {
        problems.add("memberlist: " + unusable.getMessage());
      }
    }
  }

  /** Certificates and accounts of HTTP that would not work; reads the files. */
  private static void addUnusable(ServerConfig server, List<String> problems) {
    if (server.tlsCertPath().isEmpty() != server.tlsKeyPath().isEmpty()) {
      problems.add(
          "server.tls_cert_path: TLS needs both tls_cert_path and tls_key_path, a certificate and"
              + " its key");
    } else if (!server.tls() && !server.tlsClientCaPath().isEmpty()) {
      problems.add(
          "server.tls_client_ca_path: certificates of clients need TLS: set tls_cert_path and"
              + " tls_key_path, too");
    } else {
      try {
        server.files().load();
      } catch (IllegalArgumentException unusable) {
        problems.add("server: " + unusable.getMessage());
      }
    }
  }

  private static void addIsland(MemberlistConfig gossip, List<String> problems) {
    if (!HostPort.isLoopback(gossip.bindAddr())) {
      return;
    }
    gossip.joinMembers().stream()
        .filter(seed -> !HostPort.isLoopback(MemberlistConfig.seedHost(seed).orElseThrow()))
        .findFirst()
        .ifPresent(
            seed ->
                problems.add(
                    "memberlist.join_members: "
                        + seed
                        + " can't reach back to gossip on "
                        + gossip.bindAddr()
                        + ": bind to an address of this host, --bind=ADDRESS:"
                        + gossip.bindPort()
                        + " with TLS, keys, or --set memberlist.allow_insecure=true"));
  }
}
