package io.ringdaemon.gossip.wire;

import static io.ringdaemon.gossip.wire.Limits.limited;
import static io.ringdaemon.gossip.wire.Limits.name;
import static io.ringdaemon.gossip.wire.Limits.time;

import io.ringdaemon.gossip.replica.Message.Buckets;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.KeySum;
import io.ringdaemon.gossip.replica.Message.Signs;
import io.ringdaemon.gossip.replica.Message.Stamps;
import io.ringdaemon.gossip.replica.Message.Summary;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.proto.GonePeer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The messages of anti-entropy to protobuf and back. Stateless; any thread. */
final class DigestCodec {
  private static final int MOST_BITS = 10;
  private static final int MOST_MESSAGES = 1 << MOST_BITS;
  private static final int MOST_CODECS = 100;
  private static final int MOST_RECENT = 100;
  private static final long LONGEST_AGO = TimeUnit.DAYS.toMillis(3_650);

  private DigestCodec() {}

  static io.ringdaemon.proto.Summary encode(Summary summary) {
    io.ringdaemon.proto.Summary.Builder proto =
        io.ringdaemon.proto.Summary.newBuilder()
            .setExchange(summary.exchange())
            .setAnswer(summary.answer())
            .addAllCodecs(summary.codecs())
            .addAllRecent(summary.recent().stream().map(DigestCodec::encode).toList())
            .setGoneKnown(summary.goneKnown())
            .setGoneHash(summary.goneHash());
    for (KeySum sum : summary.keys()) {
      proto.addKeys(
          io.ringdaemon.proto.KeySum.newBuilder()
              .setKey(sum.key())
              .setCodec(sum.codec())
              .setGeneration(sum.generation())
              .setEntries(sum.entries())
              .setContent(sum.content())
              .setSigns(sum.signs()));
    }
    for (Gone gone : summary.gone()) {
      proto.addGone(
          GonePeer.newBuilder()
              .setName(gone.name())
              .setLife(gone.life())
              .setLeft(gone.left())
              .setAgoMillis(gone.agoMillis()));
    }
    return proto.build();
  }

  /** A key of a codec that is not {@code known} here is left out, as its values are. */
  static Summary decode(io.ringdaemon.proto.Summary proto, Predicate<String> known) {
    return new Summary(
        proto.getExchange(),
        proto.getAnswer(),
        limited(proto.getKeysList()).stream()
            .filter(sum -> known.test(sum.getCodec()))
            .map(DigestCodec::sum)
            .toList(),
        limited(proto.getCodecsList(), MOST_CODECS),
        limited(proto.getRecentList(), MOST_RECENT).stream()
            .filter(stamps -> known.test(stamps.getCodec()))
            .map(DigestCodec::decode)
            .toList(),
        proto.getGoneKnown(),
        proto.getGoneHash(),
        limited(proto.getGoneList()).stream().map(DigestCodec::gone).toList());
  }

  private static KeySum sum(io.ringdaemon.proto.KeySum proto) {
    return new KeySum(
        name(proto.getKey()),
        name(proto.getCodec()),
        time(proto.getGeneration()),
        Math.max(0, proto.getEntries()),
        proto.getContent(),
        proto.getSigns());
  }

  private static Gone gone(GonePeer proto) {
    return new Gone(
        name(proto.getName()),
        proto.getLife(),
        proto.getLeft(),
        Math.max(0, Math.min(LONGEST_AGO, proto.getAgoMillis())));
  }

  static io.ringdaemon.proto.Buckets encode(Buckets buckets) {
    io.ringdaemon.proto.Buckets.Builder proto =
        io.ringdaemon.proto.Buckets.newBuilder()
            .setExchange(buckets.exchange())
            .setKey(buckets.key())
            .setGeneration(buckets.generation());
    Arrays.stream(buckets.hashes()).forEach(proto::addHashes);
    return proto.build();
  }

  static Buckets decode(io.ringdaemon.proto.Buckets proto) {
    int count = proto.getHashesCount();
    if (Integer.bitCount(count) != 1 || count > 1 << MOST_BITS) {
      throw new MalformedValueException("%d buckets".formatted(count));
    }
    return new Buckets(
        proto.getExchange(),
        name(proto.getKey()),
        time(proto.getGeneration()),
        proto.getHashesList().stream().mapToLong(Long::longValue).toArray());
  }

  static io.ringdaemon.proto.Stamps encode(Stamps stamps) {
    return io.ringdaemon.proto.Stamps.newBuilder()
        .setExchange(stamps.exchange())
        .setKey(stamps.key())
        .setCodec(stamps.codec())
        .setGeneration(stamps.generation())
        .setBits(stamps.bits())
        .addAllCovered(stamps.covered())
        .setReplyWanted(stamps.replyWanted())
        .setPiece(stamps.piece())
        .setMessages(stamps.messages())
        .addAllStamps(stamps.stamps().stream().map(DigestCodec::beat).toList())
        .build();
  }

  static Stamps decode(io.ringdaemon.proto.Stamps proto) {
    List<Integer> covered = limited(proto.getCoveredList(), 1 << MOST_BITS);
    int bits = proto.getBits();
    if (bits < 0
        || bits > MOST_BITS
        || covered.stream().anyMatch(bucket -> bucket < 0 || bucket >= 1 << bits)
        || proto.getMessages() < 1
        || proto.getMessages() > MOST_MESSAGES
        || proto.getPiece() < 0
        || proto.getPiece() >= proto.getMessages()) {
      throw new MalformedValueException(
          "stamps %d of %d for %d of 2^%d buckets"
              .formatted(proto.getPiece(), proto.getMessages(), covered.size(), bits));
    }
    return new Stamps(
        proto.getExchange(),
        name(proto.getKey()),
        name(proto.getCodec()),
        time(proto.getGeneration()),
        bits,
        covered,
        proto.getReplyWanted(),
        proto.getPiece(),
        proto.getMessages(),
        beats(proto.getStampsList()));
  }

  static io.ringdaemon.proto.Heartbeat beat(Heartbeat beat) {
    return io.ringdaemon.proto.Heartbeat.newBuilder()
        .setId(beat.id())
        .setTimestamp(beat.timestamp())
        .setSequence(beat.sequence())
        .setHash(beat.hash())
        .build();
  }

  static List<Heartbeat> beats(List<io.ringdaemon.proto.Heartbeat> protos) {
    return limited(protos).stream()
        .map(
            beat ->
                new Heartbeat(
                    name(beat.getId()),
                    time(beat.getTimestamp()),
                    beat.getSequence(),
                    beat.getHash()))
        .toList();
  }

  static io.ringdaemon.proto.Signs encode(Signs signs) {
    long base = Arrays.stream(signs.timestamps()).min().orElse(0);
    io.ringdaemon.proto.Signs.Builder proto =
        io.ringdaemon.proto.Signs.newBuilder()
            .setKey(signs.key())
            .setGeneration(signs.generation())
            .setContent(signs.content())
            .setFirst(signs.first())
            .setBase(base);
    Arrays.stream(signs.timestamps()).forEach(timestamp -> proto.addLater(timestamp - base));
    Arrays.stream(signs.sequences()).forEach(proto::addSequences);
    return proto.build();
  }

  static Signs decode(io.ringdaemon.proto.Signs proto) {
    List<Long> later = limited(proto.getLaterList());
    List<Long> sequences = limited(proto.getSequencesList());
    long base = time(proto.getBase());
    if (later.size() != sequences.size() || proto.getFirst() < 0) {
      throw new MalformedValueException(
          "signs of life of %d and %d entries from %d"
              .formatted(later.size(), sequences.size(), proto.getFirst()));
    }
    return new Signs(
        name(proto.getKey()),
        time(proto.getGeneration()),
        proto.getContent(),
        proto.getFirst(),
        later.stream().mapToLong(after -> time(base + time(after))).toArray(),
        sequences.stream().mapToLong(Long::longValue).toArray());
  }
}
