package io.ringdaemon.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.ringdaemon.store.Backend;
import io.ringdaemon.store.Stored;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Values in etcd: one key, one value, written under the condition that the key's <i>mod
 * revision</i> is the one read. (dskit compares versions, which begin anew when a key is deleted
 * and made again, so a slow writer may overwrite what it never saw; both conditions hold for each
 * other's writes.)
 *
 * <p><b>Threading:</b> any thread. <b>Bounds:</b> every request has the configured deadline.
 */
public final class EtcdBackend implements Backend {
  /** etcd takes requests of 1.5 MiB unless told otherwise; the rest of a request is small. */
  private static final int LARGEST = (3 << 19) - 4096;

  /** As the end of a range: all keys. */
  private static final ByteSequence FIRST_KEY = ByteSequence.from(new byte[] {0});

  private final EtcdConfig config;
  private final Client client;

  /** Connects when first asked. Fails with {@link IllegalArgumentException} on bad certificates. */
  public EtcdBackend(EtcdConfig config) {
    this.config = config;
    this.client = EtcdClient.of(config);
  }

  EtcdConfig config() {
    return config;
  }

  Client client() {
    return client;
  }

  @Override
  public String name() {
    return config.toString();
  }

  @Override
  public String kind() {
    return "etcd";
  }

  @Override
  public int largestValue() {
    return LARGEST;
  }

  @Override
  public CompletionStage<Stored> read(String key) {
    return told(client.getKVClient().get(EtcdClient.bytes(key)), EtcdBackend::stored);
  }

  @Override
  public CompletionStage<Outcome> write(String key, byte[] value, long revision) {
    ByteSequence name = EtcdClient.bytes(key);
    return told(
        client
            .getKVClient()
            .txn()
            .If(new Cmp(name, Cmp.Op.EQUAL, CmpTarget.modRevision(revision)))
            .Then(Op.put(name, ByteSequence.from(value), PutOption.DEFAULT))
            .Else(Op.get(name, GetOption.DEFAULT))
            .commit(),
        answer -> outcome(answer, value));
  }

  private static Outcome outcome(TxnResponse answer, byte[] value) {
    long revision = answer.getHeader().getRevision();
    return answer.isSucceeded()
        ? new Outcome(true, Stored.value(value, revision, revision))
        : new Outcome(false, stored(answer.getGetResponses().get(0).getKvs(), revision));
  }

  private static Stored stored(GetResponse answer) {
    return stored(answer.getKvs(), answer.getHeader().getRevision());
  }

  private static Stored stored(List<KeyValue> found, long asOf) {
    return found.isEmpty()
        ? Stored.nothing(asOf)
        : Stored.value(found.get(0).getValue().getBytes(), found.get(0).getModRevision(), asOf);
  }

  @Override
  public CompletionStage<Stored> delete(String key) {
    return told(
        client.getKVClient().delete(EtcdClient.bytes(key), DeleteOption.DEFAULT),
        answer -> Stored.nothing(answer.getHeader().getRevision()));
  }

  @Override
  public CompletionStage<List<String>> list(String prefix) {
    ByteSequence from = prefix.isEmpty() ? FIRST_KEY : EtcdClient.bytes(prefix);
    GetOption keys =
        prefix.isEmpty()
            ? GetOption.builder().withRange(FIRST_KEY).withKeysOnly(true).build()
            : GetOption.builder().isPrefix(true).withKeysOnly(true).build();
    return told(
        client.getKVClient().get(from, keys),
        answer ->
            answer.getKvs().stream()
                .map(found -> found.getKey().toString(StandardCharsets.UTF_8))
                .sorted()
                .toList());
  }

  private <A, T> CompletionStage<T> told(CompletableFuture<A> answer, Function<A, T> reading) {
    return answer.handle(
        (value, failure) -> {
          if (failure != null) {
            throw EtcdFailure.of(config, failure);
          }
          return reading.apply(value);
        });
  }

  @Override
  public Following follow(String key, long asOf, Follower follower) {
    WatchOption option =
        WatchOption.builder().withRevision(asOf + 1).withRequireLeader(true).build();
    Watch.Watcher watcher =
        client.getWatchClient().watch(EtcdClient.bytes(key), option, new Listener(follower));
    return watcher::close;
  }

  /** jetcd tries by itself after some errors; ours is a fresh read and a fresh watch. */
  private record Listener(Follower follower) implements Watch.Listener {
    @Override
    public void onNext(WatchResponse response) {
      List<WatchEvent> events = response.getEvents();
      if (!events.isEmpty()) {
        WatchEvent last = events.get(events.size() - 1);
        KeyValue now = last.getKeyValue();
        long revision = now.getModRevision();
        follower.changed(
            last.getEventType() == WatchEvent.EventType.DELETE
                ? Stored.nothing(revision)
                : Stored.value(now.getValue().getBytes(), revision, revision));
      }
    }

    @Override
    public void onError(Throwable failure) {
      follower.failed(failure);
    }

    @Override
    public void onCompleted() {
      follower.failed(new IllegalStateException("the watch ended"));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
