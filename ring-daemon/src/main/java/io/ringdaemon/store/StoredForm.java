package io.ringdaemon.store;

import io.ringdaemon.gossip.wire.SnappyBlock;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.model.TokenConflicts;
import io.ringdaemon.token.Tokens;
import java.util.List;
import java.util.Map;

/**
 * The bytes of a value in stores shared with other programs: a Snappy block around the protobuf, no
 * envelope (reference/ring-semantics.md 1.3). A ring is written as those programs write it: without
 * tombstones, and with the tokens each instance owns, so that its readers need not agree on who
 * wins a token claimed twice (design.md section 6).
 */
final class StoredForm {
  private StoredForm() {}

  static <V extends Mergeable<V>> byte[] encode(Codec<V> codec, V value) {
    return SnappyBlock.compress(codec.encode(shared(value)));
  }

  /** Fails with {@link io.ringdaemon.kv.MalformedValueException}, whatever the bytes are. */
  static <V extends Mergeable<V>> V decode(Codec<V> codec, byte[] bytes) {
    return codec.decode(SnappyBlock.decompress(bytes));
  }

  /** The value as it will be read back. */
  @SuppressWarnings("unchecked") // a ring stays a ring
  static <V extends Mergeable<V>> V shared(V value) {
    return value instanceof RingDesc ring ? (V) shared(ring) : value;
  }

  private static RingDesc shared(RingDesc ring) {
    List<InstanceDesc> instances = ring.instances();
    Map<String, Tokens> owned = TokenConflicts.owned(instances);
    RingDesc shared = instances.size() == ring.entries().size() ? ring : RingDesc.of(instances);
    for (InstanceDesc instance : instances) {
      Tokens own = owned.getOrDefault(instance.id(), Tokens.NONE);
      if (own.size() != instance.tokens().size()) {
        shared = shared.with(instance.withTokens(own));
      }
    }
    return shared;
  }
}
