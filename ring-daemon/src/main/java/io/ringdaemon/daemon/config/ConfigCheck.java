package io.ringdaemon.daemon.config;

import io.ringdaemon.daemon.config.KvStoreConfig.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is well written but must not be started: not built yet, open to everybody, or an island by
 * mistake.
 */
public final class ConfigCheck {
  private static final Set<Store> BUILT = Set.of(Store.MEMBERLIST, Store.ETCD, Store.INMEMORY);

  private ConfigCheck() {}

  /** Throws a {@link ConfigException} with every reason why {@code config} must not be started. */
  public static void refuseUnstartable(DaemonConfig config) {
    var problems = new ArrayList<String>();
    addUnbuilt(config, problems);
    addExposed(config, problems);
    addIsland(config.memberlist(), problems);
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
              addStore("rings." + name + ".kvstore.", ring.kvstore(), problems);
            });
    config.memberlist().joinMembers().stream()
        .filter(seed -> seed.startsWith("dnssrv"))
        .forEach(
            seed ->
                problems.add(
                    "memberlist.join_members: "
                        + seed
                        + ": SRV look-ups are not in this build yet: use HOST:PORT or dns+NAME:PORT"));
    if (!config.partitionRings().isEmpty()) {
      problems.add("partition_rings: not in this build yet: leave it out");
    }
  }

  private static void addStore(String path, KvStoreConfig kvstore, List<String> problems) {
    List<Store> used = kvstore.used();
    if (kvstore.store() == Store.MULTI && used.size() < 2) {
      problems.add(path + "multi: name primary and secondary: memberlist, etcd or inmemory");
    }
    used.stream()
        .filter(store -> !BUILT.contains(store))
        .forEach(
            store ->
                problems.add(
                    "%sstore: \"%s\" is not in this build yet: use memberlist, etcd, inmemory or multi"
                        .formatted(path, store.word())));
    if (used.contains(Store.ETCD) && kvstore.etcd().endpoints().isEmpty()) {
      problems.add(path + "etcd.endpoints: name at least one, as HOST:PORT");
    }
  }

  private static void addExposed(DaemonConfig config, List<String> problems) {
    ServerConfig server = config.server();
    if (!HostPort.isLoopback(server.httpListenAddress()) && !server.allowInsecure()) {
      problems.add(
          "server.http_listen_address: "
              + server.httpListenAddress()
              + " is beyond loopback, and without credentials anybody there could change rings:"
              + " bind to 127.0.0.1, or accept that with server.allow_insecure: true");
    }
    MemberlistConfig gossip = config.memberlist();
    if (!HostPort.isLoopback(gossip.bindAddr()) && !gossip.allowInsecure()) {
      problems.add(
          "memberlist.bind_addr: "
              + gossip.bindAddr()
              + " is beyond loopback, and gossip has neither TLS nor keys:"
              + " bind to 127.0.0.1, or accept that with memberlist.allow_insecure: true");
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
                        + " with --set memberlist.allow_insecure=true"));
  }
}
