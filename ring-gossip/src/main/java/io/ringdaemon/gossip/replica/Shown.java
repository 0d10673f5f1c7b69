package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.replica.Message.Buckets;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.KeySum;
import io.ringdaemon.gossip.replica.Message.Signs;
import io.ringdaemon.gossip.replica.Message.Stamps;
import io.ringdaemon.gossip.replica.Message.Summary;
import io.ringdaemon.kv.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What {@link AntiEntropy} shows of a key: the messages, cut to size. */
final class Shown {
  private static final int FEW_ENTRIES = 48;
  private static final int STAMPS_A_MESSAGE = 1_000;
  private static final int SIGNS_A_MESSAGE = 10_000;
  private static final int STAMP_BYTES = 40;

  private Shown() {}

  /** What to show of a key to a peer that holds {@code theirs} of it. */
  static List<Message> differences(long exchange, Slot<?> slot, Optional<KeySum> theirs) {
    KeySum own = slot.sum();
    if (theirs.isEmpty() || theirs.get().entries() == 0) {
      return theirs.filter(own::equals).isPresent() ? List.of() : all(exchange, slot, false);
    }
    KeySum their = theirs.get();
    if (!their.codec().equals(own.codec())) {
      return List.of(); // no value joins both
    }
    if (their.generation() != own.generation()) {
      return all(exchange, slot, false);
    }
    if (their.content() != own.content()) {
      return own.entries() == 0 || Math.max(their.entries(), own.entries()) <= FEW_ENTRIES
          ? all(exchange, slot, false)
          : List.of(
              new Buckets(
                  exchange,
                  own.key(),
                  own.generation(),
                  slot.buckets(Digests.bits(Math.max(their.entries(), own.entries())))));
    }
    return their.signs() == own.signs() ? List.of() : signs(slot);
  }

  static List<Message> all(long exchange, Slot<?> slot, boolean replyWanted) {
    int entries = slot.sum().entries();
    int bits = entries <= STAMPS_A_MESSAGE ? 0 : Digests.bits(entries);
    return stamps(
        exchange, slot, bits, IntStream.range(0, 1 << bits).boxed().toList(), replyWanted);
  }

  static Stamps nothing(long exchange, String key, String codec, boolean replyWanted) {
    return new Stamps(exchange, key, codec, 0, 0, List.of(0), replyWanted, 0, 1, List.of());
  }

  /** All that is in some buckets, in messages of whole buckets. */
  static List<Message> stamps(
      long exchange, Slot<?> slot, int bits, List<Integer> buckets, boolean replyWanted) {
    Map<Integer, List<Heartbeat>> found = slot.stamps(bits, buckets);
    List<List<Integer>> covered = new ArrayList<>(List.of(new ArrayList<>()));
    List<List<Heartbeat>> stamps = new ArrayList<>(List.of(new ArrayList<>()));
    for (Integer bucket : buckets) {
      List<Heartbeat> some = found.getOrDefault(bucket, List.of());
      int last = stamps.size() - 1;
      if (!stamps.get(last).isEmpty() && stamps.get(last).size() + some.size() > STAMPS_A_MESSAGE) {
        covered.add(new ArrayList<>());
        stamps.add(new ArrayList<>());
        last++;
      }
      covered.get(last).add(bucket);
      stamps.get(last).addAll(some);
    }
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < stamps.size(); i++) {
      messages.add(
          new Stamps(
              exchange,
              slot.key.name(),
              slot.key.codec().id(),
              slot.generation(),
              bits,
              covered.get(i),
              replyWanted,
              i,
              stamps.size(),
              stamps.get(i)));
    }
    return messages;
  }

  static List<Message> signs(Slot<?> slot) {
    List<Heartbeat> all = slot.stamps();
    List<Message> messages = new ArrayList<>();
    for (int first = 0; first < all.size(); first += SIGNS_A_MESSAGE) {
      List<Heartbeat> some = all.subList(first, Math.min(all.size(), first + SIGNS_A_MESSAGE));
      messages.add(
          new Signs(
              slot.key.name(),
              slot.generation(),
              slot.sum().content(),
              first,
              some.stream().mapToLong(Heartbeat::timestamp).toArray(),
              some.stream().mapToLong(Heartbeat::sequence).toArray()));
    }
    return messages;
  }

  /** Entries that are shown by themselves. */
  static Stamps some(Slot<?> slot, List<String> ids) {
    List<Heartbeat> stamps = new ArrayList<>();
    slot.only(ids)
        .value()
        .eachEntry(
            (id, timestamp, sequence, hash) ->
                stamps.add(new Heartbeat(id, timestamp, sequence, hash)));
    return new Stamps(
        0,
        slot.key.name(),
        slot.key.codec().id(),
        slot.generation(),
        0,
        List.of(),
        false,
        0,
        1,
        stamps);
  }

  /** About as many as it takes on the wire. */
  static long bytes(Message message) {
    if (message instanceof Stamps stamps) {
      return 60 + STAMP_BYTES * (long) stamps.stamps().size();
    }
    if (message instanceof Heartbeats beats) {
      return 60 + STAMP_BYTES * (long) beats.beats().size();
    }
    if (message instanceof Buckets buckets) {
      return 60 + 8L * buckets.hashes().length;
    }
    if (message instanceof Signs signs) {
      return 60 + 6L * signs.timestamps().length;
    }
    return message instanceof Summary summary
        ? 60 + 60L * summary.keys().size() + STAMP_BYTES * (long) summary.gone().size()
        : 60;
  }
}
