package io.ringdaemon.store.consul;

import io.ringdaemon.store.Backend;
import io.ringdaemon.store.Stored;
import io.ringdaemon.time.World;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Values in Consul: one key, one value, written under the condition that the key's <i>modify
 * index</i> is the one read. Consul doesn't tell the index of what it wrote, so each write is
 * followed by a read.
 *
 * <p><b>Threading:</b> any thread. <b>Bounds:</b> every request has the configured deadline.
 */
public final class ConsulBackend implements Backend {
  /** As Consul has it unless told otherwise. */
  private static final int LARGEST = 512 << 10;

  private final World world;
  private final ConsulConfig config;
  private final ConsulHttp http;

  /** By key, and for longer than one watch: who begins anew may not ask more often. */
  private final Map<String, PollLimit> limits = new ConcurrentHashMap<>();

  /** Connects when first asked. Fails with {@link IllegalArgumentException} on bad certificates. */
  public ConsulBackend(World world, ConsulConfig config) {
    this.world = world;
    this.config = config;
    this.http = new ConsulHttp(config);
  }

  ConsulHttp http() {
    return http;
  }

  @Override
  public String name() {
    return config.toString();
  }

  @Override
  public String kind() {
    return "consul";
  }

  @Override
  public int largestValue() {
    return LARGEST;
  }

  @Override
  public CompletionStage<Stored> read(String key) {
    return http.get(ConsulHttp.keyPath(key) + (config.consistentReads() ? "?consistent" : ""))
        .thenApply(answer -> Entry.of(answer).stored());
  }

  @Override
  public CompletionStage<Outcome> write(String key, byte[] value, long revision) {
    return http.put(ConsulHttp.keyPath(key) + "?cas=" + revision, value)
        .thenCompose(answer -> read(key).thenApply(now -> new Outcome(answer.yes(), now)));
  }

  @Override
  public CompletionStage<Stored> delete(String key) {
    return http.delete(ConsulHttp.keyPath(key)).thenCompose(done -> read(key));
  }

  @Override
  public CompletionStage<List<String>> list(String prefix) {
    return http.get(ConsulHttp.keyPath(prefix) + "?keys")
        .thenApply(
            answer ->
                answer.found()
                    ? StreamSupport.stream(Entry.json(answer).spliterator(), false)
                        .map(JsonNode::asString)
                        .sorted()
                        .toList()
                    : List.of());
  }

  @Override
  public Following follow(String key, long asOf, Follower follower) {
    PollLimit limit =
        limits.computeIfAbsent(key, name -> new PollLimit(config.watchRate(), world.nanoTime()));
    BlockingQuery query =
        new BlockingQuery(world, http, ConsulHttp.keyPath(key), limit, asOf, follower);
    world.loop().execute(query::ask);
    return query;
  }

  @Override
  public void close() {
    http.close();
  }
}
