package io.ringdaemon.web.http;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password's PBKDF2-HMAC-SHA256 with its salt and cost, written {@code
 * pbkdf2-sha256:ITERATIONS:SALT:HASH}, the last two in base64. PBKDF2, because the JDK has it; the
 * cost is that of OWASP's advice of 2023. Slow on purpose: not for an event loop.
 */
public final class PasswordHash {
  private static final int ITERATIONS = 600_000;
  private static final int FEWEST = 10_000;
  private static final int MOST = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern WRITTEN =
      Pattern.compile("pbkdf2-sha256:([0-9]{1,8}):([A-Za-z0-9+/=]{22,64}):([A-Za-z0-9+/=]{43,44})");

  /** Of no password; takes as long to compare as a usual one. */
  static final PasswordHash NOBODY =
      new PasswordHash(ITERATIONS, new byte[SALT_BYTES], new byte[HASH_BYTES]);

  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int iterations, byte[] salt, byte[] hash) {
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  /** Hashes {@code password} with a new salt; takes some tenths of a second. */
  public static PasswordHash of(char[] password, SecureRandom chance) {
    return of(password, chance, ITERATIONS);
  }

  static PasswordHash of(char[] password, SecureRandom chance, int iterations) {
    byte[] salt = new byte[SALT_BYTES];
    chance.nextBytes(salt);
    return new PasswordHash(iterations, salt, derive(password, salt, iterations));
  }

  /** Reads what {@link #toString} wrote; nothing if it is something else. */
  static Optional<PasswordHash> parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      return Optional.empty();
    }
    int iterations = Integer.parseInt(written.group(1));
    try {
      byte[] salt = Base64.getDecoder().decode(written.group(2));
      byte[] hash = Base64.getDecoder().decode(written.group(3));
      return iterations < FEWEST || iterations > MOST || hash.length != HASH_BYTES
          ? Optional.empty()
          : Optional.of(new PasswordHash(iterations, salt, hash));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** Whether {@code password} is the one hashed; takes as long when it is not. */
  boolean matches(char[] password) {
    return MessageDigest.isEqual(hash, derive(password, salt, iterations));
  }

  private static byte[] derive(char[] password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, HASH_BYTES * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "pbkdf2-sha256:%d:%s:%s"
        .formatted(iterations, base64.encodeToString(salt), base64.encodeToString(hash));
  }
}
