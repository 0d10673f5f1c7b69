package io.ringdaemon.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.ringdaemon.store.StoreLock;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
 * <p><b>Promises</b> what {@link StoreLock} does; whoever holds it looks after its own key too (a
 * lease can outlive it). <b>Not</b> that it is held by one only while etcd loses what it had.
 *
 * <p><b>Threading, bounds:</b> as {@link StoreLock}; one lease.
 */
public final class EtcdLock extends StoreLock {
  static final Duration TTL = Duration.ofSeconds(5);

  private final EtcdConfig config;
  private final Client client;
  private final String prefix;
  private final ByteSequence candidate;

  /**
   * @param prefix of the keys of all candidates, outside the rings' own
   * @param candidate who stands in the key, for people to read
   */
  public EtcdLock(World world, EtcdBackend backend, String prefix, String candidate) {
    super(world, TTL);
    this.config = backend.config();
    this.client = backend.client();
    this.prefix = prefix;
    this.candidate = EtcdClient.bytes(candidate);
  }

  @Override
  protected Hold hold(Runnable lost) {
    return new Lease(lost);
  }

  @Override
  protected CompletableFuture<Boolean> free() {
    GetOption any = GetOption.builder().isPrefix(true).withCountOnly(true).build();
    return client
        .getKVClient()
        .get(EtcdClient.bytes(prefix), any)
        .thenApply(found -> found.getCount() == 0);
  }

  private final class Lease extends Hold {
    private long lease;
    private long revision;

    private Lease(Runnable lost) {
      super(lost);
    }

    @Override
    protected void begin() {
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
              drop();
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
              if (!over()) {
                goOn();
              }
            }
          });
    }

    /** Renews the lease, then looks at the keys: both while waiting and while holding. */
    @Override
    protected void goOn() {
      long asked = world.nanoTime();
      ask(
          client.getLeaseClient().keepAliveOnce(lease),
          answer -> {
            if (answer.getTTL() <= 0) {
              gone(new IllegalStateException("the lease has ended"));
            } else {
              renewed(asked);
              look();
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
      ask(
          client
              .getKVClient()
              .txn()
              .Then(Op.get(key(), GetOption.DEFAULT), Op.get(all, earlier))
              .commit(),
          answer -> {
            if (!ours(answer)) {
              gone(new IllegalStateException("its key was removed"));
            } else if (answer.getGetResponses().get(1).getKvs().isEmpty()) {
              won();
            } else {
              after(LOOK_AGAIN);
            }
          });
    }

    private boolean ours(TxnResponse answer) {
      List<KeyValue> found = answer.getGetResponses().get(0).getKvs();
      return found.size() == 1 && found.get(0).getCreateRevision() == revision;
    }

    @Override
    protected Throwable told(Throwable failure) {
      return EtcdFailure.of(config, failure);
    }

    @Override
    protected void letGo(boolean had, CompletableFuture<Void> free) {
      if (lease == 0) {
        free.complete(null); // a grant under way is revoked when it arrives
      } else {
        then(client.getLeaseClient().revoke(lease), (answer, failure) -> freed(free, failure));
      }
    }

    @Override
    protected void drop() {
      if (lease != 0) {
        then(client.getLeaseClient().revoke(lease), (answer, failure) -> {});
      }
    }
  }
}
