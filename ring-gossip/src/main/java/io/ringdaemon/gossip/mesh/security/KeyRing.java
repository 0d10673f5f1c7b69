package io.ringdaemon.gossip.mesh.security;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The keys that the nodes of a cluster share: the first one seals, all of them open. A file of them
 * has one key a line, 16, 24 or 32 bytes in base64, as memberlist and serf write theirs; empty
 * lines and what follows a {@code #} are ignored. Immutable. <b>Bounds:</b> 16 keys.
 */
public final class KeyRing implements Credentials {
  static final int MOST = 16;
  private static final Set<Integer> SIZES = Set.of(16, 24, 32);

  /** One key. Equal by its bytes; its text is a fingerprint. */
  static final class Key {
    private final byte[] bytes;

    private Key(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The secret itself, not a copy. */
    byte[] bytes() {
      return bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    /** Eight digits that tell keys apart and lead nowhere: the keys are random. */
    @Override
    public String toString() {
      byte[] print = Hmac.of(bytes, "ring-daemon key fingerprint".getBytes(Hmac.ASCII));
      return java.util.HexFormat.of().formatHex(print, 0, 4);
    }
  }

  private final List<Key> keys;

  private KeyRing(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Reads the file. Blocks. */
  static KeyRing read(Path file) throws SecretFileException {
    return parse(file, SecretFile.text(file));
  }

  /** The keys in {@code text}; {@code file} is for messages. No message repeats what it refuses. */
  public static KeyRing parse(Path file, String text) throws SecretFileException {
    List<Key> keys = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      int comment = line.indexOf('#');
      String encoded = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!encoded.isEmpty()) {
        add(keys, new Key(decoded(file, number, encoded)), file, number);
      }
    }
    if (keys.isEmpty()) {
      throw new SecretFileException(
          file, "holds no key: \"ring-daemon keygen\" prints one; it wants one key a line");
    }
    return new KeyRing(keys);
  }

  private static void add(List<Key> keys, Key key, Path file, int line) throws SecretFileException {
    if (keys.contains(key)) {
      throw new SecretFileException(
          file, line, "the same key as key " + (keys.indexOf(key) + 1) + ": remove one of them");
    }
    if (keys.size() == MOST) {
      throw new SecretFileException(file, line, "expected at most " + MOST + " keys");
    }
    keys.add(key);
  }

  private static byte[] decoded(Path file, int line, String encoded) throws SecretFileException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException notBase64) {
      throw new SecretFileException(
          file, line, "expected a key in base64, as \"ring-daemon keygen\" prints it");
    }
    if (!SIZES.contains(bytes.length)) {
      throw new SecretFileException(
          file,
          line,
          "expected a key of 16, 24 or 32 bytes in base64, this one has " + bytes.length);
    }
    return bytes;
  }

  /** A new key in base64, to be kept in a file; {@code chance} must be a secure one. */
  public static String generate(int bits, RandomGenerator chance) {
    if (!SIZES.contains(bits / 8) || bits % 8 != 0) {
      throw new IllegalArgumentException("bits must be 128, 192 or 256: " + bits);
    }
    byte[] bytes = new byte[bits / 8];
    chance.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** The one that seals. */
  Key first() {
    return keys.get(0);
  }

  List<Key> all() {
    return keys;
  }

  @Override
  public String told() {
    return keys.stream().map(Key::toString).collect(Collectors.joining(", ", "keys ", ""));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyRing ring && keys.equals(ring.keys);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }

  @Override
  public String toString() {
    return told();
  }
}
