package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.HostPort;
import io.ringdaemon.daemon.config.KvStoreConfig.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A store as {@code migrate} is told of it: {@code etcd}, with the addresses of the configuration,
 * or {@code etcd://HOST:PORT,…}. Consul has one address, that of an agent.
 */
record StoreSpec(Store store, List<String> addresses) {
  /** Fails with a {@link CommandFailure} in the name of {@code option}. */
  static StoreSpec parse(String text, String option) {
    int at = text.indexOf("://");
    Optional<Store> store =
        Store.named(at < 0 ? text : text.substring(0, at))
            .filter(one -> one != Store.INMEMORY && one != Store.MULTI);
    List<String> addresses = at < 0 ? List.of() : List.of(text.substring(at + 3).split(",", -1));
    if (store.isEmpty()
        || addresses.stream().anyMatch(address -> HostPort.parse(address).isEmpty())
        || (store.get() == Store.CONSUL && addresses.size() > 1)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "%s=%s: expected memberlist or etcd, perhaps with ://HOST:PORT,HOST:PORT, or consul, perhaps with ://HOST:PORT"
              .formatted(option, text));
    }
    return new StoreSpec(store.get(), addresses);
  }

  /** The options, as {@code --set} has them, that keep {@code rings} there. */
  List<String> sets(DaemonConfig config, Collection<String> rings, String nodeName) {
    List<String> sets = new ArrayList<>();
    sets.add("node_name=" + nodeName);
    sets.add("memberlist.bind_port=0");
    sets.add("memberlist.advertise_port=0");
    if (store == Store.MEMBERLIST) {
      sets.add("memberlist.join_members=" + quoted(seeds(config)));
    }
    for (String ring : rings) {
      String path = "rings.\"" + ring + "\".kvstore.";
      sets.add(path + "store=" + store.word());
      if (store == Store.ETCD && !addresses.isEmpty()) {
        sets.add(path + "etcd.endpoints=" + quoted(addresses));
      }
      if (store == Store.CONSUL && !addresses.isEmpty()) {
        sets.add(path + "consul.host=" + addresses.get(0));
      }
    }
    return sets;
  }

  /** Those named, else those configured, else the daemon of this host. */
  private List<String> seeds(DaemonConfig config) {
    if (!addresses.isEmpty()) {
      return addresses;
    }
    return config.memberlist().joinMembers().isEmpty()
        ? List.of(
            new HostPort(config.memberlist().bindAddr(), config.memberlist().bindPort()).toString())
        : config.memberlist().joinMembers();
  }

  private static String quoted(List<String> texts) {
    return "[\"" + String.join("\",\"", texts) + "\"]";
  }
}
