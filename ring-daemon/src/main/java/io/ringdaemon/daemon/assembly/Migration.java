package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.RingConfig;
import io.ringdaemon.daemon.local.DataDir;
import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.KvStore.Watch;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.StoreTrouble;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.model.TokenConflicts;
import io.ringdaemon.time.World;
import io.ringdaemon.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Brings rings from one store to another and compares them entry by entry. What the other store
 * already holds is merged, never overwritten: of two entries of one instance the later stays.
 *
 * <p><b>Threading:</b> one thread, which is blocked; each side has a loop of its own.
 */
public final class Migration {
  /** What became of one instance: {@code state} is same, newer, different, missing or extra. */
  public record Entry(String id, String state, String text) {
    /** Whether the two stores agree on it. */
    public boolean agrees() {
      return state.equals("same") || state.equals("newer");
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Migration() {}

  /** Writes what {@code from} holds of the ring, and of who leads it, into {@code to}. */
  public static int copy(Side from, Side to, String ring) {
    RingDesc held = from.read(ring, "", RingCodec.INSTANCE);
    to.merge(ring, "", RingCodec.INSTANCE, held);
    LeaderRecord leader = from.read(ring, "/leader", LeaderRecordCodec.INSTANCE);
    to.merge(ring, "/leader", LeaderRecordCodec.INSTANCE, leader);
    return held.instances().size();
  }

  /** Reads both anew and compares what other programs would read there. */
  public static List<Entry> compare(Side from, Side to, String ring) {
    return compare(from.read(ring, "", RingCodec.INSTANCE), to.read(ring, "", RingCodec.INSTANCE));
  }

  static List<Entry> compare(RingDesc from, RingDesc to) {
    Map<String, Tokens> left = TokenConflicts.owned(from.instances());
    Map<String, Tokens> right = TokenConflicts.owned(to.instances());
    List<Entry> entries = new ArrayList<>();
    for (InstanceDesc one : from.instances()) {
      Optional<InstanceDesc> other = to.instance(one.id());
      if (other.isEmpty()) {
        entries.add(new Entry(one.id(), "missing", "not in the store migrated to"));
      } else {
        List<String> differing = differing(one, other.get());
        if (!left.getOrDefault(one.id(), Tokens.NONE)
            .equals(right.getOrDefault(one.id(), Tokens.NONE))) {
          differing.add("tokens");
        }
        entries.add(judged(one, other.get(), differing));
      }
    }
    for (InstanceDesc other : to.instances()) {
      if (from.instance(other.id()).isEmpty()) {
        entries.add(new Entry(other.id(), "extra", "only in the store migrated to"));
      }
    }
    return entries;
  }

  private static Entry judged(InstanceDesc one, InstanceDesc other, List<String> differing) {
    if (!differing.isEmpty()) {
      boolean later = other.timestamp() > one.timestamp();
      return new Entry(
          one.id(), later ? "newer" : "different", String.join(", ", differing) + " differ");
    }
    return new Entry(one.id(), "same", "%d tokens".formatted(one.tokens().size()));
  }

  private static List<String> differing(InstanceDesc one, InstanceDesc other) {
    List<String> names = new ArrayList<>();
    note(names, "address", one, other, InstanceDesc::addr);
    note(names, "state", one, other, InstanceDesc::stateNumber);
    note(names, "zone", one, other, InstanceDesc::zone);
    note(names, "time of registration", one, other, InstanceDesc::registered);
    note(names, "read-only flag", one, other, InstanceDesc::readOnly);
    note(names, "versions", one, other, InstanceDesc::versions);
    return names;
  }

  private static void note(
      List<String> names,
      String name,
      InstanceDesc one,
      InstanceDesc other,
      Function<InstanceDesc, Object> field) {
    if (!field.apply(one).equals(field.apply(other))) {
      names.add(name);
    }
  }

  /** One store, opened for as long as it is needed. A gossip store is joined as a member. */
  public static final class Side implements AutoCloseable {
    private final DaemonConfig config;
    private final NettyLoop loop = new NettyLoop(Metrics.unseen());
    private final World world;
    private final Optional<Gossip> gossip;
    private final Optional<Path> scratch;
    private final Optional<DataDir> dataDir;
    private final Stores stores;

    /**
     * Opens the stores of {@code config}'s rings. Fails with {@link StoreUnreachable}.
     *
     * @param config whose node name is free and whose gossip port is any
     */
    public Side(DaemonConfig config) {
      this.config = config;
      this.world = new World(Clock.systemUTC(), loop, new SplittableRandom(System.nanoTime()));
      boolean gossips = Stores.gossips(config);
      this.scratch = gossips ? Optional.of(scratch()) : Optional.empty();
      this.dataDir = scratch.map(folder -> DataDir.open(folder, loop));
      this.gossip =
          dataDir.map(
              dir ->
                  Gossip.of(
                      config, world.now().toEpochMilli(), "", "", world, dir, Metrics.unseen()));
      this.stores = new Stores(config, world, gossip.map(Gossip::store), Metrics.unseen());
      gossip.ifPresent(parts -> await(() -> "gossip does not start", () -> parts.store().start()));
    }

    private static Path scratch() {
      try {
        return Files.createTempDirectory("ring-daemon-migrate");
      } catch (IOException full) {
        throw new StoreUnreachable("a folder for the time being can't be made: " + full, full);
      }
    }

    private <V extends Mergeable<V>> V read(String ring, String suffix, Codec<V> codec) {
      return cas(ring, suffix, codec, held -> held);
    }

    private <V extends Mergeable<V>> V merge(String ring, String suffix, Codec<V> codec, V value) {
      return cas(ring, suffix, codec, held -> held.merge(value).value());
    }

    private <V extends Mergeable<V>> V cas(
        String ring, String suffix, Codec<V> codec, UnaryOperator<V> update) {
      RingConfig options = config.rings().getOrDefault(ring, RingConfig.DEFAULTS);
      Key<V> key = new Key<>(options.storeKey(ring) + suffix, codec);
      KvStore store = stores.of(ring);
      return await(
          () ->
              stores
                  .trouble(ring)
                  .map(StoreTrouble::text)
                  .orElse("key " + key + ": nobody answered within " + PATIENCE.toSeconds() + " s"),
          () -> {
            Watch watch = store.watch(key, value -> {}); // from here on it is followed
            return store
                .firstContact()
                .thenCompose(met -> store.cas(key, update))
                .whenComplete((value, failure) -> watch.cancel());
          });
    }

    /** {@code silent}: what to say when nothing came of it. */
    private <T> T await(Supplier<String> silent, Supplier<CompletionStage<T>> work) {
      try {
        return CompletableFuture.supplyAsync(work, loop)
            .thenCompose(stage -> stage)
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
      } catch (CompletionException failed) {
        Throwable why = failed.getCause() == null ? failed : failed.getCause();
        throw new StoreUnreachable(
            why instanceof TimeoutException ? silent.get() : String.valueOf(why.getMessage()), why);
      }
    }

    @Override
    public void close() {
      gossip.ifPresent(
          parts -> {
            await(() -> "the last change was not sent", () -> parts.store().drained());
            await(() -> "could not leave", () -> parts.mesh().leave());
            var unused = parts.mesh().stop();
          });
      stores.stop();
      dataDir.ifPresent(DataDir::close);
      loop.stop();
      scratch.ifPresent(Side::delete);
    }

    private static void delete(Path folder) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException left) {
        // a temporary folder: the system's to clear
      }
    }
  }

  /** A store did not answer, or refused; the message says which and why. */
  public static final class StoreUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoreUnreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
