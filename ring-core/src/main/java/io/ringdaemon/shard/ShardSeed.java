package io.ringdaemon.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The seed of a tenant's shard in a zone: the first eight bytes of an MD5, a signed big-endian
 * number (reference/ring-semantics.md 5.7). Only its remainder by 2^31 - 1 counts, so two tenants
 * may share a shard (W18 there).
 */
final class ShardSeed {
  private ShardSeed() {}

  /** {@code zone} is empty where zones don't count. */
  static long of(String identifier, String zone) {
    MessageDigest md5 = md5();
    md5.update(identifier.getBytes(StandardCharsets.UTF_8));
    if (!zone.isEmpty()) {
      md5.update((byte) 0);
      md5.update(zone.getBytes(StandardCharsets.UTF_8));
    }
    return ByteBuffer.wrap(md5.digest()).getLong();
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
