package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Directive.Contacted;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message.Buckets;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.KeySum;
import io.ringdaemon.gossip.replica.Message.Root;
import io.ringdaemon.gossip.replica.Message.Signs;
import io.ringdaemon.gossip.replica.Message.Stamps;
import io.ringdaemon.gossip.replica.Message.Summary;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.gossip.replica.Replica.Moment;
import io.ringdaemon.kv.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Compares two replicas in numbers and moves only what differs (docs/formats.md):
 *
 * <pre>
 *   Root ──differs──▶ Summary (asking) ──▶ Summary (the keys that differ), and for each key
 *     its content differs, few entries    ──▶ Stamps of all
 *     its content differs, many entries   ──▶ Buckets ──▶ Stamps of those that differ ──▶ Stamps
 *     only its signs of life differ       ──▶ Signs
 * </pre>
 *
 * Who sees in Stamps what is newer there asks for it; what is newer here it sends, if it is a few
 * entries, else shows in Stamps of its own. More move only because the side that lacks them asked,
 * so a newcomer whom many greet fetches nothing twice. Each message stands for itself: whatever is
 * lost, doubled or late, the next comparison finds what still differs.
 *
 * <p>Signs of life are left out of {@link Root}: in a large ring some are always under way.
 *
 * <p>Pure; confined to its replica. <b>Bounds:</b> {@link AnswerLimit}; what is kept of peers is
 * kept of the last {@link #MOST_PEERS}.
 */
final class AntiEntropy {
  private static final int FEW_PUSHED = 4;
  private static final int STAMPS_A_MESSAGE = 1_000;
  private static final int MOST_STAMPS = 10_000;
  private static final int MOST_PEERS = 1_000;

  private final Slots slots;
  private final List<String> codecs;
  private final AnswerLimit limit;
  private final Wanted wanted;
  private final Recents recents;
  private final Exchanges exchanges = new Exchanges();
  private final Map<PeerId, Long> goneKnown = new Recent<>(MOST_PEERS);
  private final Map<PeerId, Duration> roundTrips = new Recent<>(MOST_PEERS);

  AntiEntropy(Slots slots, List<String> codecs, AnswerLimit limit, Wanted wanted, Recents recents) {
    this.recents = recents;
    this.slots = slots;
    this.codecs = codecs;
    this.limit = limit;
    this.wanted = wanted;
  }

  /** A small comparison, of contents only. */
  Directive root(PeerId to) {
    return new Send(to, new Root(slots.root()));
  }

  /** A comparison of everything. */
  Directive ask(PeerId to, long nanos) {
    return ask(to, List.of(), nanos);
  }

  private Directive ask(PeerId to, List<Stamps> recent, long nanos) {
    return new Send(
        to,
        new Summary(
            exchanges.begin(to, nanos),
            false,
            slots.sums(),
            codecs,
            recent,
            goneKnown.getOrDefault(to, 0L),
            0,
            List.of()));
  }

  List<Directive> onRoot(PeerId from, Root root, Moment at) {
    if (root.hash() == slots.root()
        || !limit.allows(from, 100L + 60L * slots.sums().size(), at.nanos())) {
      return List.of();
    }
    List<Stamps> recent = new ArrayList<>();
    recents
        .lately(at.now())
        .forEach(
            (key, ids) -> slots.named(key).ifPresent(slot -> recent.add(Shown.some(slot, ids))));
    return List.of(ask(from, recent, at.nanos()));
  }

  List<Directive> onSummary(PeerId from, Summary summary, List<Gone> gone, Moment at) {
    if (summary.answer()) {
      return onAnswer(from, summary, at.nanos());
    }
    List<Directive> todo = new ArrayList<>();
    Map<String, List<String>> lately = recents.lately(at.now());
    for (KeySum their : summary.keys()) {
      slots
          .named(their.key())
          .filter(slot -> slot.sum().content() != their.content())
          .ifPresent(slot -> todo.addAll(compareRecent(from, slot, summary, lately, at.nanos())));
    }
    todo.addAll(answer(from, summary, gone, at.nanos()));
    return todo;
  }

  /**
   * What changed here lately and is not among what changed there lately has most likely not come
   * there: it is sent at once. A shorter way than by Stamps, with fewer messages to lose.
   */
  private List<Directive> compareRecent(
      PeerId from, Slot<?> slot, Summary asked, Map<String, List<String>> lately, long nanos) {
    String key = slot.key.name();
    List<String> ids = new ArrayList<>(lately.getOrDefault(key, List.of()));
    List<Directive> todo = new ArrayList<>();
    for (Stamps their : asked.recent()) {
      if (their.key().equals(key)) {
        their.stamps().forEach(stamp -> ids.remove(stamp.id()));
        todo.addAll(onStamps(from, their, new ArrayList<>(), nanos));
      }
    }
    if (!asked.recent().isEmpty() && ids.size() <= FEW_PUSHED) {
      todo.addAll(entries(from, slot, ids, nanos));
    }
    return todo;
  }

  /** The named entries, whole. */
  List<Directive> entries(PeerId to, Slot<?> slot, List<String> ids, long nanos) {
    Loads loads = new Loads();
    loads.add(slot, ids);
    List<Directive> todo = new ArrayList<>();
    for (Loads.Load load : loads.all()) {
      if (limit.allows(to, load.bytes(), nanos)) {
        todo.add(new Send(to, new Updates(load.updates())));
      }
    }
    return todo;
  }

  private List<Directive> onAnswer(PeerId from, Summary summary, long nanos) {
    List<String> differing = summary.keys().stream().map(KeySum::key).toList();
    long took = exchanges.answered(summary.exchange(), from, differing, nanos);
    if (took >= 0) {
      goneKnown.put(from, summary.goneHash());
      long before = roundTrips.getOrDefault(from, Duration.ofNanos(took)).toNanos();
      roundTrips.put(from, Duration.ofNanos(before + (took - before) / 4));
    }
    return contacted();
  }

  private List<Directive> answer(PeerId from, Summary asked, List<Gone> gone, long nanos) {
    Map<String, KeySum> theirs = new TreeMap<>();
    asked.keys().forEach(sum -> theirs.put(sum.key(), sum));
    List<KeySum> differing = new ArrayList<>();
    List<Message> shown = new ArrayList<>();
    for (Slot<?> slot : slots.all()) {
      KeySum their = theirs.remove(slot.key.name());
      if (!slot.blank() && asked.codecs().contains(slot.key.codec().id())) {
        List<Message> some = Shown.differences(asked.exchange(), slot, Optional.ofNullable(their));
        if (!some.isEmpty() && !(some.get(0) instanceof Signs)) {
          differing.add(slot.sum());
        }
        shown.addAll(some);
      }
    }
    for (KeySum unknown : slots.full() ? List.<KeySum>of() : theirs.values()) {
      differing.add(new KeySum(unknown.key(), unknown.codec(), 0, 0, 0, 0));
      shown.add(Shown.nothing(asked.exchange(), unknown.key(), unknown.codec(), false));
    }
    long goneHash = Digests.ofGone(gone);
    List<Message> all = new ArrayList<>();
    all.add(
        new Summary(
            asked.exchange(),
            true,
            differing,
            List.of(),
            List.of(),
            0,
            goneHash,
            goneHash == asked.goneKnown() ? List.of() : gone));
    all.addAll(shown);
    return allowed(from, all, nanos);
  }

  List<Directive> onBuckets(PeerId from, Buckets theirs, long nanos) {
    Optional<Slot<?>> found = slots.named(theirs.key());
    if (found.isEmpty()) {
      return List.of(); // deleted meanwhile, or never shown to them
    }
    Slot<?> slot = found.get();
    if (slot.generation() != theirs.generation()) {
      return allowed(from, Shown.all(theirs.exchange(), slot, true), nanos);
    }
    int bits = Integer.numberOfTrailingZeros(theirs.hashes().length);
    long[] own = slot.buckets(bits);
    List<Integer> differing =
        IntStream.range(0, own.length)
            .filter(bucket -> own[bucket] != theirs.hashes()[bucket])
            .boxed()
            .toList();
    if (differing.isEmpty()) {
      exchanges.shown(theirs.exchange(), from, theirs.key(), 0, 1, List.of());
      return contacted();
    }
    return allowed(from, Shown.stamps(theirs.exchange(), slot, bits, differing, true), nanos);
  }

  /** Also names the signs of life to be applied here, under {@code fresh}. */
  List<Directive> onStamps(PeerId from, Stamps theirs, List<Heartbeat> fresh, long nanos) {
    Optional<Slot<?>> slot = slots.named(theirs.key());
    if (slot.filter(own -> !own.key.codec().id().equals(theirs.codec())).isPresent()) {
      return List.of();
    }
    long generation = slot.map(Slot::generation).orElse(0L);
    StampFindings findings = new StampFindings();
    if (theirs.generation() > generation) {
      findings.newerThere.add(Slots.GENERATION);
      theirs.stamps().forEach(stamp -> findings.newerThere.add(stamp.id()));
    } else {
      compare(slot, theirs, generation > theirs.generation(), findings);
    }
    List<Directive> todo = new ArrayList<>();
    boolean pushes =
        !findings.newerHere.isEmpty()
            && !theirs.replyWanted()
            && generation == theirs.generation()
            && findings.newerHere.size() <= FEW_PUSHED;
    if (pushes && slot.isPresent()) {
      List<String> ids = findings.newerHere.stream().map(Heartbeat::id).toList();
      todo.addAll(entries(from, slot.get(), ids, nanos));
    } else if (!findings.newerHere.isEmpty()
        || theirs.replyWanted()
        || generation > theirs.generation()) {
      todo.addAll(allowed(from, List.of(reply(theirs, generation, findings.newerHere)), nanos));
    }
    if (!findings.fresherHere.isEmpty()) {
      todo.addAll(
          allowed(from, List.of(new Heartbeats(theirs.key(), findings.fresherHere)), nanos));
    }
    fresh.addAll(findings.fresherThere);
    todo.addAll(want(from, theirs.key(), findings.newerThere, nanos));
    if (!theirs.replyWanted()) {
      exchanges.shown(
          theirs.exchange(),
          from,
          theirs.key(),
          theirs.piece(),
          theirs.messages(),
          findings.newerThere);
    }
    todo.addAll(contacted());
    return todo;
  }

  private static void compare(
      Optional<Slot<?>> slot, Stamps theirs, boolean outdated, StampFindings findings) {
    Map<String, Heartbeat> own = own(slot, theirs);
    for (Heartbeat their : outdated ? List.<Heartbeat>of() : theirs.stamps()) {
      Heartbeat held = own.remove(their.id());
      if (held == null) {
        findings.newerThere.add(their.id());
      } else {
        findings.compare(held, their);
      }
    }
    if (!theirs.covered().isEmpty()) {
      findings.newerHere.addAll(own.values());
    }
  }

  private static Map<String, Heartbeat> own(Optional<Slot<?>> slot, Stamps theirs) {
    Map<String, Heartbeat> own = new HashMap<>();
    if (slot.isPresent()) {
      boolean covers = !theirs.covered().isEmpty();
      int bits = covers ? theirs.bits() : 0;
      slot.get().stamps(bits, covers ? theirs.covered() : List.of(0)).values().stream()
          .flatMap(Collection::stream)
          .forEach(stamp -> own.put(stamp.id(), stamp));
    }
    return own;
  }

  /** Only the answers of who was asked carry the number of the exchange. */
  private static Stamps reply(Stamps theirs, long generation, List<Heartbeat> newerHere) {
    return new Stamps(
        theirs.replyWanted() ? theirs.exchange() : 0,
        theirs.key(),
        theirs.codec(),
        generation,
        0,
        List.of(),
        false,
        theirs.piece(),
        theirs.messages(),
        newerHere.size() > MOST_STAMPS ? newerHere.subList(0, MOST_STAMPS) : newerHere);
  }

  /** Asks for entries, unless somebody was asked for them a moment ago. */
  List<Directive> want(PeerId from, String key, List<String> ids, long nanos) {
    List<String> due = wanted.toAsk(key, ids, nanos);
    List<Directive> todo = new ArrayList<>();
    for (int first = 0; first < due.size(); first += STAMPS_A_MESSAGE) {
      todo.add(
          new Send(
              from,
              new EntryRequest(
                  key,
                  List.copyOf(
                      due.subList(first, Math.min(due.size(), first + STAMPS_A_MESSAGE))))));
    }
    return todo;
  }

  /** Names the signs of life to be applied here under {@code fresh}. */
  List<Directive> onSigns(PeerId from, Signs theirs, List<Heartbeat> fresh, long nanos) {
    Optional<Slot<?>> slot = slots.named(theirs.key());
    if (slot.isEmpty()
        || slot.get().generation() != theirs.generation()
        || slot.get().sum().content() != theirs.content()) {
      return List.of(); // no longer the same entries: the next comparison tells
    }
    List<Heartbeat> own = slot.get().stamps();
    List<Heartbeat> fresherHere = new ArrayList<>();
    for (int i = 0; i < theirs.timestamps().length && theirs.first() + i < own.size(); i++) {
      Heartbeat held = own.get(theirs.first() + i);
      Heartbeat their =
          new Heartbeat(held.id(), theirs.timestamps()[i], theirs.sequences()[i], held.hash());
      int order = Digests.SIGNS.compare(held, their);
      if (order != 0) {
        (order < 0 ? fresh : fresherHere).add(order < 0 ? their : held);
      }
    }
    return fresherHere.isEmpty()
        ? List.of()
        : allowed(from, List.of(new Heartbeats(theirs.key(), fresherHere)), nanos);
  }

  /** Entries came, from whomever. */
  List<Directive> arrived(String key, Collection<String> ids) {
    exchanges.arrived(key, ids);
    return contacted();
  }

  private List<Directive> contacted() {
    return exchanges.over().stream().<Directive>map(Contacted::new).toList();
  }

  /** How long a message from this peer takes: half a round trip, of the average one if unknown. */
  Duration oneWay(PeerId peer) {
    Duration known = roundTrips.get(peer);
    double nanos =
        known == null
            ? roundTrips.values().stream().mapToLong(Duration::toNanos).average().orElse(0)
            : known.toNanos();
    return Duration.ofNanos((long) (nanos / 2));
  }

  private List<Directive> allowed(PeerId to, List<? extends Message> messages, long nanos) {
    return messages.stream()
        .filter(message -> limit.allows(to, Shown.bytes(message), nanos))
        .<Directive>map(message -> new Send(to, message))
        .toList();
  }
}
