package io.ringdaemon.token;

import java.nio.charset.StandardCharsets;

/** Where on the circle a text key lies: FNV-1a, 32 bits, over its UTF-8 bytes. */
public final class KeyHash {
  private KeyHash() {}

  /** The point as a raw 32-bit pattern. */
  public static int of(String key) {
    int hash = 0x811c9dc5;
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x01000193;
    }
    return hash;
  }
}
