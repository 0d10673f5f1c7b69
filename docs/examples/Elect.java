import io.ringdaemon.election.Election;
import io.ringdaemon.election.EpochStore;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.election.Policy;
import io.ringdaemon.kv.InMemoryKvStore;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.lifecycle.Lifecycler;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.ExecutorLoop;
import io.ringdaemon.time.World;
import io.ringdaemon.token.RandomTokens;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Electing a leader with ring-core alone, without the daemon: two candidates in one process, one of
 * which resigns. Real programs put a {@code GossipKvStore} in place of the store in memory, and keep
 * epoch and tokens on disk.
 */
public final class Elect {
  private Elect() {}

  public static void main(String[] args) throws Exception {
    ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    World world = new World(Clock.systemUTC(), new ExecutorLoop(thread), new SplittableRandom());
    KvStore store = new InMemoryKvStore(world);
    CountDownLatch led = new CountDownLatch(2);

    world.loop().execute(() -> stand(world, store, "one", led)); // everything happens on the loop
    world.loop().execute(() -> stand(world, store, "two", led));

    boolean both = led.await(30, TimeUnit.SECONDS);
    thread.shutdownNow();
    System.out.println(both ? "both have led" : "nobody followed");
  }

  /** One candidate: an instance in the ring, and its stand in the election. */
  private static void stand(World world, KvStore store, String id, CountDownLatch led) {
    Origin origin = new Origin(id, world.now().toEpochMilli(), "");
    Key<RingDesc> ring = new Key<>("collectors/example", RingCodec.INSTANCE);
    RingWatcher watcher =
        new RingWatcher(
            world,
            new RingOptions("example", 1, false, Duration.ofMinutes(1)),
            store,
            ring,
            Liveness.unknown());
    Lifecycler lifecycler =
        new Lifecycler(
            world,
            new LifecyclerConfig(
                id,
                id + ".example:80",
                "",
                origin,
                1,
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                true),
            store,
            ring,
            watcher,
            Liveness.unknown(),
            TokenStore.none(),
            new RandomTokens(world.chance()),
            Metrics.unseen(),
            (kind, text) -> {});
    lifecycler.start();

    Election election =
        new Election(
            new Election.Config(id, origin, Policy.STICKY_LOWEST_TOKEN, Duration.ZERO, 0),
            new Election.Surroundings(
                world,
                store,
                new Key<>("collectors/example/leader", LeaderRecordCodec.INSTANCE),
                watcher,
                new EpochInMemory(),
                (node, life, timeout) -> CompletableFuture.completedFuture(false),
                null, // no courier: who follows hears of it from the store
                null, // no lock: leading is advisory
                Metrics.unseen(),
                (kind, text) -> System.out.println(id + " " + text)));
    boolean[] before = new boolean[1];
    election.listen(
        leadership -> {
          boolean leads = election.leads(); // checks the time: true for a second at most
          if (leads && !before[0]) {
            led.countDown();
            world.loop().execute(election::resign); // that the other one may lead
          }
          before[0] = leads;
        });
  }

  /** Forgets its epoch with the process. On real hosts: a file, flushed before it is used. */
  private static final class EpochInMemory implements EpochStore {
    private OptionalLong kept = OptionalLong.empty();

    @Override
    public CompletionStage<OptionalLong> load() {
      return CompletableFuture.completedFuture(kept);
    }

    @Override
    public CompletionStage<Void> save(long epoch) {
      kept = OptionalLong.of(epoch);
      return CompletableFuture.completedFuture(null);
    }
  }
}
