package io.ringdaemon.store.multi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.kv.InMemoryKvStore;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.KvStoreContract;
import io.ringdaemon.kv.VirtualClient;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Two stores in memory behind one. */
class MultiKvStoreTest extends KvStoreContract {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final VirtualTime time = new VirtualTime(3);
  private final VirtualTime.Node node = time.node();
  private final KvStore left = new InMemoryKvStore(node.world());
  private final KvStore right = new InMemoryKvStore(node.world());
  private final MultiKvStore both = both(new MultiKvStore.Settings("left", true, LIMIT));
  private final VirtualClient client = new VirtualClient(time, node, both, VirtualClient.Line.NONE);

  private MultiKvStore both(MultiKvStore.Settings settings) {
    Map<String, KvStore> stores = new LinkedHashMap<>();
    stores.put("left", left);
    stores.put("right", right);
    return new MultiKvStore(node.world(), stores, settings, Metrics.unseen());
  }

  @Override
  protected Client client(String name) {
    return client;
  }

  @Override
  protected void until(String what, BooleanSupplier condition) {
    time.runUntil(Duration.ofMinutes(2), condition);
  }

  @Override
  protected <T> T on(Client client, Supplier<T> work) {
    return ((VirtualClient) client).on(work);
  }

  @Override
  protected OptionalInt largestValue() {
    return OptionalInt.empty();
  }

  private void put(KvStore store, String id) {
    client
        .<CompletionStage<RingDesc>>on(
            () ->
                store.cas(
                    KEY,
                    ring ->
                        ring.with(
                            InstanceDesc.of(id, id + ":80", "")
                                .withState(InstanceState.ACTIVE)
                                .withTimestamp(ring.timestampFor(id, client.world().now()), 1))))
        .toCompletableFuture()
        .join();
  }

  private List<String> ids(KvStore store) {
    return client.on(() -> store.get(KEY)).instances().stream().map(InstanceDesc::id).toList();
  }

  private void use(String primary, boolean mirror) {
    client
        .on(() -> both.use(new MultiKvStore.Settings(primary, mirror, LIMIT)))
        .toCompletableFuture()
        .join();
  }

  @Test
  void changesRemovalsAndDeletionsAreMirrored() {
    put(both, "a");
    put(both, "b");
    assertThat(ids(right)).containsExactly("a", "b");
    client.on(() -> both.cas(KEY, ring -> ring.without("a")));
    assertThat(ids(right)).containsExactly("b");
    client.on(() -> both.delete(KEY));
    assertThat(ids(right)).isEmpty();
  }

  @Test
  void whatTheSecondaryKnowsBesidesIsKept() {
    put(right, "switched-already");
    put(both, "a");
    assertThat(ids(right)).containsExactly("a", "switched-already");
  }

  @Test
  void withoutMirroringTheSecondaryIsLeftAlone() {
    use("left", false);
    put(both, "a");
    time.runFor(Duration.ofMinutes(2));
    assertThat(ids(right)).isEmpty();
  }

  @Test
  void whatOthersWroteIntoThePrimaryFollowsWithTheNextComparison() {
    put(both, "a");
    put(left, "foreign");
    until("it has come over", () -> ids(right).equals(List.of("a", "foreign")));
  }

  @Test
  void aSwitchBringsTheValueAlongAndMovesTheWatches() {
    use("left", false);
    put(both, "a");
    List<Integer> told = new ArrayList<>();
    client.on(() -> both.watch(KEY, ring -> told.add(ring.instances().size())));
    use("right", false);
    assertThat(ids(right)).containsExactly("a");
    put(right, "b");
    assertThat(told).startsWith(1).endsWith(2);
    put(left, "unseen");
    assertThat(ids(both)).containsExactly("a", "b");
    assertThat(told).endsWith(2);
  }

  @Test
  void switchedBackNothingIsLost() {
    put(both, "a");
    use("right", true);
    put(both, "b");
    use("left", true);
    put(both, "c");
    assertThat(ids(left)).containsExactly("a", "b", "c");
    assertThat(ids(right)).containsExactly("a", "b", "c");
  }
}
