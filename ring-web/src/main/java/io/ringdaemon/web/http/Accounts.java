package io.ringdaemon.web.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may use HTTP, from a file of lines {@code ROLE KIND NAME SECRET}. {@code #} begins a comment.
 *
 * <pre>
 *   operator token       deploy  8Zk3…                       # 16 characters or more
 *   operator token       ci      sha256:9f86d081…            # or its SHA-256 in hex
 *   reader   password    alice   pbkdf2-sha256:600000:…:…    # ring-daemon keygen --password=alice
 *   operator certificate ring-admin                          # a name in the certificate shown
 *   reader   anonymous                                       # whoever shows nothing
 * </pre>
 *
 * <p>Tokens are kept and compared as SHA-256, all of them for each request, so time tells nothing.
 * Immutable. <b>Bounds:</b> 10,000 accounts.
 */
public final class Accounts {
  private static final int MOST = 10_000;
  private static final int SHORTEST_TOKEN = 16;
  private static final String HASHED = "sha256:";

  /** No credentials are configured: whoever reaches us may do everything. */
  public static final Accounts NOT_NEEDED = new Accounts(false);

  private static final class Token {
    private final byte[] hash;
    private final Identity owner;

    Token(byte[] hash, Identity owner) {
      this.hash = hash;
      this.owner = owner;
    }
  }

  private record Password(PasswordHash hash, Identity owner) {}

  private final boolean needed;
  private final List<Token> tokens = new ArrayList<>();
  private final Map<String, Password> passwords = new HashMap<>();
  private final Map<String, Role> certificates = new HashMap<>();
  private boolean anyCertificate;
  private boolean anonymous;

  private Accounts(boolean needed) {
    this.needed = needed;
  }

  /** Whoever shows a certificate that the TLS layer trusts is an operator; nobody else gets in. */
  public static Accounts anyCertificate() {
    Accounts accounts = new Accounts(true);
    accounts.anyCertificate = true;
    return accounts;
  }

  /**
   * Reads the lines of {@code file}, a name for messages.
   *
   * @throws IllegalArgumentException what is wrong in which line; never a secret
   */
  public static Accounts parse(String file, String text) {
    Accounts accounts = new Accounts(true);
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      number++;
      int comment = line.startsWith("#") ? 0 : line.indexOf(" #");
      String[] words = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
      if (!words[0].isEmpty()) {
        accounts.add(file + ":" + number + ": ", words);
      }
    }
    if (accounts.size() == 0) {
      throw new IllegalArgumentException(
          file + ": names nobody; expected lines ROLE KIND NAME SECRET");
    }
    if (accounts.size() > MOST) {
      throw new IllegalArgumentException(file + ": expected at most " + MOST + " lines");
    }
    return accounts;
  }

  private void add(String at, String[] words) {
    Role role =
        Role.named(words[0])
            .orElseThrow(() -> refused(at, "expected a role, reader or operator, first"));
    String kind = words.length > 1 ? words[1] : "";
    int expected =
        switch (kind) {
          case "token", "password" -> 4;
          case "certificate" -> 3;
          case "anonymous" -> 2;
          default ->
              throw refused(
                  at, "expected token, password, certificate or anonymous after the role");
        };
    if (words.length != expected) {
      throw refused(
          at,
          "expected %d words: ROLE %s%s%s"
              .formatted(
                  expected, kind, expected > 2 ? " NAME" : "", expected > 3 ? " SECRET" : ""));
    }
    String name = expected > 2 ? words[2] : "";
    switch (kind) {
      case "token" ->
          tokens.add(new Token(tokenHash(at, words[3]), new Identity(name, role, "token")));
      case "password" -> {
        PasswordHash hash =
            PasswordHash.parse(words[3])
                .orElseThrow(
                    () ->
                        refused(
                            at,
                            "expected a hash as ring-daemon keygen --password=NAME prints it, not"
                                + " the password"));
        unique(at, name, passwords.put(name, new Password(hash, new Identity(name, role, kind))));
      }
      case "certificate" -> unique(at, name, certificates.put(name, role));
      default -> {
        if (role != Role.READER) {
          throw refused(at, "anonymous can only be a reader");
        }
        anonymous = true;
      }
    }
  }

  private static void unique(
      String at, String name, @org.jspecify.annotations.Nullable Object before) {
    if (before != null) {
      throw refused(at, name + " is there twice");
    }
  }

  private static byte[] tokenHash(String at, String secret) {
    if (secret.startsWith(HASHED)) {
      String hex = secret.substring(HASHED.length());
      if (!hex.matches("[0-9a-fA-F]{64}")) {
        throw refused(at, "expected 64 hexadecimal digits after " + HASHED);
      }
      return HexFormat.of().parseHex(hex);
    }
    if (secret.length() < SHORTEST_TOKEN) {
      throw refused(at, "a token has at least " + SHORTEST_TOKEN + " characters: keygen makes one");
    }
    return sha256(secret);
  }

  private static IllegalArgumentException refused(String at, String why) {
    return new IllegalArgumentException(at + why);
  }

  private int size() {
    return tokens.size() + passwords.size() + certificates.size() + (anonymous ? 1 : 0);
  }

  /** Whether anybody is asked who it is. */
  boolean needed() {
    return needed;
  }

  /** Whether whoever shows no credential may look. */
  boolean anonymousMayRead() {
    return anonymous;
  }

  Optional<Identity> byToken(String token) {
    byte[] hash = sha256(token);
    Identity found = null;
    for (Token one : tokens) {
      if (MessageDigest.isEqual(one.hash, hash)) {
        found = one.owner;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Whose certificate has one of {@code names}. */
  Optional<Identity> byCertificate(List<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    if (anyCertificate) {
      return Optional.of(new Identity(names.get(0), Role.OPERATOR, "certificate"));
    }
    return names.stream()
        .filter(certificates::containsKey)
        .findFirst()
        .map(
            name ->
                new Identity(name, certificates.getOrDefault(name, Role.READER), "certificate"));
  }

  /** Takes some tenths of a second, whether there is such a name or not. */
  Optional<Identity> byPassword(String name, String password) {
    Password known = passwords.get(name);
    boolean right =
        (known == null ? PasswordHash.NOBODY : known.hash).matches(password.toCharArray());
    return known != null && right ? Optional.of(known.owner) : Optional.empty();
  }

  /** For the log. */
  @Override
  public String toString() {
    return needed
        ? "%d tokens, %d passwords, %d names of certificates%s%s"
            .formatted(
                tokens.size(),
                passwords.size(),
                certificates.size(),
                anyCertificate ? ", any trusted certificate" : "",
                anonymous ? ", anonymous readers" : "")
        : "no credentials";
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
