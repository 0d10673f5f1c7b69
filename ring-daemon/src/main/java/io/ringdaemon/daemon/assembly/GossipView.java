package io.ringdaemon.daemon.assembly;

import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Replica;
import io.ringdaemon.gossip.replica.Update;
import io.ringdaemon.gossip.store.GossipKvStore;
import io.ringdaemon.gossip.store.MessageHistory.Noted;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.metrics.Percentiles;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.MessageStatus;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The gossip store as pages see it. Any thread, but for {@link #delete}. */
final class GossipView {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon");

  private GossipView() {}

  static List<KeyStatus> keys(GossipKvStore store) {
    return store.held().stream().map(GossipView::key).toList();
  }

  private static KeyStatus key(Replica.Held held) {
    int entries = held.value().content().size();
    return new KeyStatus(
        held.key().name(),
        held.key().codec().id(),
        held.version(),
        bytes(held),
        entries,
        held.value().tombstones(),
        held.updated(),
        entries == 0 && held.generation() > 0);
  }

  @SuppressWarnings("unchecked") // a value is of its key's codec
  private static <V extends Mergeable<V>> int bytes(Replica.Held held) {
    return ((Key<V>) held.key()).codec().encode((V) held.value()).length;
  }

  private static Optional<Replica.Held> held(GossipKvStore store, String key) {
    return store.held().stream().filter(held -> held.key().name().equals(key)).findFirst();
  }

  static Optional<String> keyText(GossipKvStore store, String key) {
    return held(store, key).map(held -> text(held.value()));
  }

  /** A ring's value a line an entry; others as they call themselves. */
  private static String text(Mergeable<?> value) {
    return value instanceof RingDesc ring
        ? ring.entries().stream().map(entry -> entry + "\n").collect(Collectors.joining())
        : value.toString();
  }

  static GossipStatus status(GossipKvStore store) {
    Percentiles.Snapshot delay = store.delay();
    return new GossipStatus(
        delay.count(),
        delay.p50(),
        delay.p99(),
        store.queued(),
        store.routedZone(),
        store.history().newest().stream().map(GossipView::message).toList());
  }

  private static MessageStatus message(Noted noted) {
    return new MessageStatus(
        noted.id(),
        noted.at(),
        noted.sent(),
        noted.peer().name(),
        noted.message().kind(),
        noted.bytes(),
        keys(noted.message()),
        noted.changed());
  }

  private static List<String> keys(Message message) {
    if (message instanceof Message.Updates updates) {
      return updates.updates().stream().map(update -> update.key().name()).distinct().toList();
    }
    if (message instanceof Message.Summary summary) {
      return summary.keys().stream().map(Message.KeySum::key).toList();
    }
    if (message instanceof Message.Heartbeats beats) {
      return List.of(beats.key());
    }
    if (message instanceof Message.EntryRequest request) {
      return List.of(request.key());
    }
    if (message instanceof Message.Buckets buckets) {
      return List.of(buckets.key());
    }
    if (message instanceof Message.Stamps stamps) {
      return List.of(stamps.key());
    }
    return message instanceof Message.Signs signs ? List.of(signs.key()) : List.of();
  }

  static Optional<String> messageText(GossipKvStore store, long id) {
    return store
        .history()
        .find(id)
        .map(
            noted ->
                "%s %s %s, %s, %d bytes%n%n%s%n"
                    .formatted(
                        noted.at(),
                        noted.sent() ? "to" : "from",
                        noted.peer(),
                        noted.message().kind(),
                        noted.bytes(),
                        text(noted.message())));
  }

  private static String text(Message message) {
    if (message instanceof Message.Updates updates) {
      StringBuilder text = new StringBuilder();
      for (Update<?> update : updates.updates()) {
        text.append("%s (generation %d)%n".formatted(update.key(), update.generation()));
        text.append("  %s%n".formatted(update.value()));
      }
      updates.beacons().forEach(beacon -> text.append("%s%n".formatted(beacon)));
      return text.toString();
    }
    if (message instanceof Message.Buckets buckets) {
      return "%s (generation %d) %s"
          .formatted(buckets.key(), buckets.generation(), Arrays.toString(buckets.hashes()));
    }
    if (message instanceof Message.Signs signs) {
      return "%s (generation %d) from entry %d, timestamps %s, sequences %s"
          .formatted(
              signs.key(),
              signs.generation(),
              signs.first(),
              Arrays.toString(signs.timestamps()),
              Arrays.toString(signs.sequences()));
    }
    return message instanceof Message.Direct direct
        ? "topic %s, a body of %d bytes".formatted(direct.topic(), direct.body().length)
        : message.toString();
  }

  /** On the loop. */
  static CompletionStage<Boolean> delete(GossipKvStore store, String key, String actor) {
    Optional<Replica.Held> known = held(store, key);
    if (known.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    LOG.log(Level.INFO, "key deleted key={0} by={1}", key, actor);
    return store.delete(known.get().key()).thenApply(done -> true);
  }
}
