package io.ringdaemon.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.store.StoreException;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock by etcd's leases (reference/election.md 2): each candidate puts a key of its own under a
 * common prefix, tied to its lease; the key with the lowest create revision holds the lock.
 *
 * <pre>
 *   free ──acquire──▶ lease granted, key put ──no earlier key──▶ held ──renewed each third of the TTL──┐
 *    ▲                        │ an earlier one: look again in a moment       ▲                         │
 *    └──release, refused──────┴──────── lease or key gone, or not renewed in time: lost ◀──────────────┘
 * </pre>
 *
 * <p><b>Promises</b> {@link #heldUntil} is counted from before a renewal was sent, in elapsed time,
 * so a process that stood still finds it in the past; whoever holds it looks after its own key too
 * (a lease can outlive it). <b>Not</b> that it is held by one only while etcd loses what it had.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> one request at a time, one lease.
 */
public final class EtcdLock implements LeaderLock {
  static final Duration TTL = Duration.ofSeconds(5);

  /** Clocks may run at different speeds, and etcd's own may be late. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private static final Duration RENEW = TTL.dividedBy(3);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final World world;
  private final EtcdConfig config;
  private final Client client;
  private final String prefix;
  private final ByteSequence candidate;
  private @Nullable Hold hold;

  /**
   * @param prefix of the keys of all candidates, outside the rings' own
   * @param candidate who stands in the key, for people to read
   */
  public EtcdLock(World world, EtcdBackend backend, String prefix, String candidate) {
    this.world = world;
    this.config = backend.config();
    this.client = backend.client();
    this.prefix = prefix;
    this.candidate = EtcdClient.bytes(candidate);
  }

  @Override
  public CompletionStage<Void> acquire(Runnable lost) {
    assert world.loop().inside() : "outside the loop";
    if (hold != null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the lock is asked for or held already"));
    }
    Hold next = new Hold(lost);
    hold = next;
    next.begin();
    return next.held;
  }

  @Override
  public long heldUntil() {
    Hold now = hold;
    return now == null ? world.nanoTime() : now.until;
  }

  @Override
  public CompletionStage<Void> release() {
    assert world.loop().inside() : "outside the loop";
    Hold before = hold;
    hold = null;
    return before == null ? CompletableFuture.completedFuture(null) : before.end();
  }

  @Override
  public CompletionStage<Boolean> vacant() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    GetOption any = GetOption.builder().isPrefix(true).withCountOnly(true).build();
    then(
        client.getKVClient().get(EtcdClient.bytes(prefix), any),
        (found, failure) -> {
          if (failure == null) {
            answer.complete(found.getCount() == 0);
          } else {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }

  private <T> void then(CompletableFuture<T> request, BiConsumer<T, @Nullable Throwable> next) {
    var unused =
        request
            .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (answer, failure) -> world.loop().execute(() -> next.accept(answer, failure)));
  }

  /** One time of asking for it, and of having it. */
  private final class Hold {
    private final Runnable lost;
    private final CompletableFuture<Void> held = new CompletableFuture<>();
    private long lease;
    private long revision;
    private long until;
    private Loop.@Nullable Timer timer;

    private Hold(Runnable lost) {
      this.lost = lost;
    }

    private boolean over() {
      return hold != this;
    }

    private void begin() {
      long asked = world.nanoTime();
      then(
          client.getLeaseClient().grant(TTL.toSeconds()),
          (granted, failure) -> {
            if (failure != null) {
              fail(failure);
              return;
            }
            lease = granted.getID();
            renewed(asked);
            if (over()) {
              revoke();
            } else {
              put();
            }
          });
    }

    private ByteSequence key() {
      return EtcdClient.bytes(prefix + Long.toHexString(lease));
    }

    private void put() {
      then(
          client
              .getKVClient()
              .put(key(), candidate, PutOption.builder().withLeaseId(lease).build()),
          (answer, failure) -> {
            if (failure != null) {
              fail(failure);
            } else {
              revision = answer.getHeader().getRevision();
              renew();
            }
          });
    }

    private void renewed(long asked) {
      until = asked + TTL.minus(MARGIN).toNanos();
    }

    /** Renews the lease, then looks at the keys: both while waiting and while holding. */
    private void renew() {
      if (over()) {
        return;
      }
      long asked = world.nanoTime();
      then(
          client.getLeaseClient().keepAliveOnce(lease),
          (answer, failure) -> {
            if (over()) {
              return;
            }
            if (failure == null && answer.getTTL() <= 0) {
              gone(new IllegalStateException("the lease has ended"));
            } else if (failure == null) {
              renewed(asked);
              look();
            } else {
              again(failure);
            }
          });
    }

    /** Whether our key is still there, and whether an earlier one is. */
    private void look() {
      ByteSequence all = EtcdClient.bytes(prefix);
      GetOption earlier =
          GetOption.builder()
              .isPrefix(true)
              .withMaxCreateRevision(revision - 1)
              .withKeysOnly(true) // a count would be of all, whatever their revision
              .withLimit(1)
              .build();
      then(
          client
              .getKVClient()
              .txn()
              .Then(Op.get(key(), GetOption.DEFAULT), Op.get(all, earlier))
              .commit(),
          (answer, failure) -> {
            if (over()) {
              return;
            }
            if (failure != null) {
              again(failure);
            } else if (!ours(answer)) {
              gone(new IllegalStateException("its key was removed"));
            } else if (answer.getGetResponses().get(1).getKvs().isEmpty()) {
              held.complete(null);
              after(RENEW);
            } else {
              after(LOOK_AGAIN);
            }
          });
    }

    private boolean ours(TxnResponse answer) {
      List<KeyValue> found = answer.getGetResponses().get(0).getKvs();
      return found.size() == 1 && found.get(0).getCreateRevision() == revision;
    }

    private void after(Duration pause) {
      timer = world.loop().after(pause, this::due);
    }

    private void due() {
      if (!over()) {
        if (world.nanoTime() - until >= 0) {
          gone(new IllegalStateException("it was not renewed in time"));
        } else {
          renew();
        }
      }
    }

    private void again(Throwable failure) {
      if (world.nanoTime() - until >= 0) {
        gone(failure);
      } else {
        after(LOOK_AGAIN);
      }
    }

    private void fail(Throwable failure) {
      StoreException why = EtcdFailure.of(config, failure);
      if (!over()) {
        hold = null;
      }
      revoke();
      held.completeExceptionally(why);
    }

    /** Held, it is lost; not yet held, it is refused. */
    private void gone(Throwable why) {
      boolean had = held.isDone();
      fail(why);
      if (had) {
        lost.run();
      }
    }

    /** A lease that can't be revoked ends by itself; until then others must wait anyway. */
    private CompletionStage<Void> end() {
      if (timer != null) {
        timer.cancel();
      }
      held.completeExceptionally(new IllegalStateException("released before it was held"));
      CompletableFuture<Void> free = new CompletableFuture<>();
      if (lease == 0) {
        free.complete(null); // a grant under way is revoked when it arrives
      } else {
        then(
            client.getLeaseClient().revoke(lease),
            (answer, failure) -> {
              if (failure == null) {
                free.complete(null);
              } else {
                world.loop().after(TTL, () -> free.complete(null));
              }
            });
      }
      return free;
    }

    private void revoke() {
      if (lease != 0) {
        then(client.getLeaseClient().revoke(lease), (answer, failure) -> {});
      }
    }
  }
}
