package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.KvStoreConfig;
import io.ringdaemon.daemon.config.KvStoreConfig.Store;
import io.ringdaemon.daemon.config.RingConfig;
import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.gossip.store.GossipKvStore;
import io.ringdaemon.kv.InMemoryKvStore;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.StoreTrouble;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.store.Backend;
import io.ringdaemon.store.RemoteKvStore;
import io.ringdaemon.store.consul.ConsulBackend;
import io.ringdaemon.store.consul.ConsulLock;
import io.ringdaemon.store.etcd.EtcdBackend;
import io.ringdaemon.store.etcd.EtcdLock;
import io.ringdaemon.store.multi.MultiKvStore;
import io.ringdaemon.time.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stores of a daemon's rings. Rings that are kept at the same place share a store and its
 * connections.
 *
 * <p><b>Threading:</b> made and stopped anywhere; stores are used on the loop.
 */
public final class Stores {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon.store");

  /** Before the key of a ring: where its candidates queue, outside every ring's prefix. */
  private static final String LOCKS = "ring-daemon/leader/";

  private final World world;
  private final Optional<GossipKvStore> gossip;
  private final Metrics metrics;
  private final KvStore memory;

  /** By the options of a store of that kind. */
  private final Map<Record, Remote> remotes = new LinkedHashMap<>();

  private final Map<String, Backend> locking = new LinkedHashMap<>();
  private final Map<String, KvStore> byRing = new LinkedHashMap<>();
  private final Map<String, String> keys = new LinkedHashMap<>();
  private final Map<String, Boolean> gossiped = new LinkedHashMap<>();

  private record Remote(Backend backend, RemoteKvStore store) {}

  /**
   * Connects to nothing yet.
   *
   * @param gossip there if {@link #gossips}
   */
  public Stores(DaemonConfig config, World world, Optional<GossipKvStore> gossip, Metrics metrics) {
    this.world = world;
    this.gossip = gossip;
    this.metrics = metrics;
    this.memory = new InMemoryKvStore(world);
    config.rings().forEach(this::add);
  }

  /** Whether any ring is kept by gossip, so that it has to run. */
  public static boolean gossips(DaemonConfig config) {
    return config.rings().values().stream()
        .anyMatch(ring -> ring.kvstore().used().contains(Store.MEMBERLIST));
  }

  private void add(String name, RingConfig ring) {
    KvStoreConfig kvstore = ring.kvstore();
    keys.put(name, ring.storeKey(name));
    gossiped.put(name, kvstore.used().contains(Store.MEMBERLIST));
    byRing.put(
        name, kvstore.store() == Store.MULTI ? multi(kvstore) : one(kvstore.store(), kvstore));
    if (kvstore.store() == Store.ETCD) {
      locking.put(name, etcd(kvstore.etcd()).backend());
    } else if (kvstore.store() == Store.CONSUL) {
      locking.put(name, consul(kvstore.consul()).backend());
    }
  }

  private KvStore one(Store store, KvStoreConfig kvstore) {
    return switch (store) {
      case MEMBERLIST -> gossip.orElseThrow();
      case INMEMORY -> memory;
      case ETCD -> etcd(kvstore.etcd()).store();
      case CONSUL -> consul(kvstore.consul()).store();
      case MULTI -> throw new IllegalStateException("no store of kind " + store);
    };
  }

  private KvStore multi(KvStoreConfig kvstore) {
    Map<String, KvStore> both = new LinkedHashMap<>();
    kvstore.used().forEach(store -> both.put(store.word(), one(store, kvstore)));
    return new MultiKvStore(world, both, settings(kvstore), metrics);
  }

  private static MultiKvStore.Settings settings(KvStoreConfig kvstore) {
    KvStoreConfig.Multi multi = kvstore.multi();
    return new MultiKvStore.Settings(multi.primary(), multi.mirrorEnabled(), multi.mirrorTimeout());
  }

  private Remote etcd(KvStoreConfig.Etcd options) {
    return remotes.computeIfAbsent(
        options,
        same ->
            remote(
                new EtcdBackend(StoreOptions.etcd(options)),
                options.maxRetries(),
                RemoteKvStore.Settings.DEFAULTS.conflictPause()));
  }

  private Remote consul(KvStoreConfig.Consul options) {
    return remotes.computeIfAbsent(
        options,
        same ->
            remote(
                new ConsulBackend(world, StoreOptions.consul(options)),
                RemoteKvStore.Settings.DEFAULTS.mostTries(),
                options.casRetryDelay()));
  }

  private Remote remote(Backend backend, int mostTries, Duration conflictPause) {
    Duration silence = RemoteKvStore.Settings.DEFAULTS.silence();
    return new Remote(
        backend,
        new RemoteKvStore(
            world,
            backend,
            new RemoteKvStore.Settings(mostTries, silence, conflictPause),
            metrics));
  }

  /** Where the ring is kept. */
  public KvStore of(String ring) {
    KvStore store = byRing.get(ring);
    if (store == null) {
      throw new IllegalArgumentException("no ring " + ring);
    }
    return store;
  }

  /** The lock that its leader must hold; null where the store has none, and while it has two. */
  public @Nullable LeaderLock lock(String ring, String candidate) {
    Backend backend = locking.get(ring);
    String at = LOCKS + keys.get(ring) + "/";
    if (backend instanceof EtcdBackend etcd) {
      return new EtcdLock(world, etcd, at, candidate);
    }
    return backend instanceof ConsulBackend consul
        ? new ConsulLock(world, consul, at + "lock", candidate)
        : null;
  }

  /** What is known of the nodes behind the ring's entries: without gossip nothing. */
  public Liveness liveness(String ring) {
    return gossiped.getOrDefault(ring, false)
        ? gossip.orElseThrow().liveness()
        : Liveness.unknown();
  }

  /** Why the ring's view may not be the present one. Any thread. */
  public Optional<StoreTrouble> trouble(String ring) {
    return of(ring).trouble(keys.getOrDefault(ring, ring));
  }

  /** The same as a sentence for a page, with the age of what is shown. Any thread. */
  public List<String> alerts(String ring) {
    return trouble(ring)
        .map(
            trouble ->
                trouble.text()
                    + trouble
                        .lastContact()
                        .map(
                            last ->
                                ". What is shown is %d s old"
                                    .formatted(Duration.between(last, world.now()).toSeconds()))
                        .orElse(". Nothing has been read from it yet")
                    + "; the trouble began at "
                    + trouble.since().truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                    + ".")
        .stream()
        .toList();
  }

  /**
   * Takes what may change while running from a configuration read anew: which store of a {@code
   * multi} is primary, and whether it mirrors. On the loop.
   */
  public void reload(DaemonConfig config) {
    config
        .rings()
        .forEach(
            (name, ring) -> {
              if (byRing.get(name) instanceof MultiKvStore multi
                  && ring.kvstore().store() == Store.MULTI
                  && !multi.settings().equals(settings(ring.kvstore()))) {
                var unused =
                    multi
                        .use(settings(ring.kvstore()))
                        .exceptionally(
                            failure -> {
                              LOG.log(
                                  Level.WARNING, "ring {0} keeps its stores: {1}", name, failure);
                              return null;
                            });
              }
            });
  }

  /** Ends watches and connections. Blocks for a moment. */
  public void stop() {
    world.loop().execute(() -> remotes.values().forEach(one -> one.store().stop()));
    remotes.values().forEach(one -> one.backend().close());
  }
}
