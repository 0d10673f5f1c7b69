package io.ringdaemon.kv;

/** The hashes by which replicas compare what they hold (docs/formats.md). */
public final class Hashes {
  private static final long FNV64_BASIS = 0xcbf29ce484222325L;
  private static final long FNV64_PRIME = 0x100000001b3L;

  private Hashes() {}

  /** FNV-1a, 64 bits. */
  public static long fnv64(byte[] bytes) {
    long hash = FNV64_BASIS;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xFF)) * FNV64_PRIME;
    }
    return hash;
  }

  /** The last step of MurmurHash3 (Appleby, public domain): each bit in depends on each out. */
  public static long mixed(long hash) {
    long bits = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return bits ^ (bits >>> 33);
  }
}
