package io.ringdaemon.gossip.mesh.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only the next frame of this connection and direction opens. */
class SealedSessionTest {
  private static final int MUTATIONS = 100_000;
  private final SplittableRandom chance = new SplittableRandom(11);
  private final KeyRing keys = ring(KeyRing.generate(256, chance));

  /** One end, and what came of the frames it got. */
  private static final class End implements SealedSession.Outcome {
    private final SealedSession session;
    private final List<String> opened = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private byte[] answer = {};
    private String words = "";

    private End(Side side, KeyRing keys, SplittableRandom chance) {
      session = new SealedSession(side, keys, chance);
    }

    private byte[] seal(String text) {
      return session.seal(text.getBytes(StandardCharsets.UTF_8));
    }

    private End take(byte[]... frames) {
      for (byte[] frame : frames) {
        session.received(frame, this);
      }
      return this;
    }

    @Override
    public void greeted() {}

    @Override
    public void opened(byte[] frame) {
      opened.add(new String(frame, StandardCharsets.UTF_8));
    }

    @Override
    public void refused(Fault fault, byte[] said) {
      refused.add(fault.reason());
      words = fault.words();
      answer = said;
    }
  }

  private record Pair(End dialer, End acceptor) {}

  private Pair pair(KeyRing dialers, KeyRing acceptors) {
    End dialer = new End(Side.DIALER, dialers, chance);
    End acceptor = new End(Side.ACCEPTOR, acceptors, chance);
    acceptor.take(dialer.session.hello());
    dialer.take(acceptor.session.hello());
    return new Pair(dialer, acceptor);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 192, 256})
  void framesOpenInOrderBothWays(int bits) {
    KeyRing some = ring(KeyRing.generate(bits, chance));
    Pair pair = pair(some, some);
    byte[] same = pair.dialer.seal("a");
    byte[] again = pair.dialer.seal("a");
    assertThat(again).hasSize(1 + SealedSession.OVERHEAD).isNotEqualTo(same);
    pair.acceptor.take(same, again, pair.dialer.seal(""));
    pair.dialer.take(pair.acceptor.seal("b"));
    assertThat(pair.acceptor.opened).containsExactly("a", "a", "");
    assertThat(pair.dialer.opened).containsExactly("b");
  }

  @Test
  void oneRepeatedLeftOutOutOfOrderReflectedOrOfElsewhereDoesNotOpen() {
    byte[][] frames = new byte[3][];
    Pair pair = pair(keys, keys);
    for (int i = 0; i < frames.length; i++) {
      frames[i] = pair.dialer.seal("frame " + i);
    }
    assertThat(pair.acceptor.take(frames[0]).opened).hasSize(1);
    assertThat(pair.acceptor.take(frames[0]).refused).containsExactly("unauthentic");
    assertThat(pair.acceptor.take(frames[2]).refused).hasSize(2);
    assertThat(pair.acceptor.take(frames[1]).opened).hasSize(2); // the one that is due
    byte[] own = pair.acceptor.seal("from here");
    assertThat(pair.acceptor.take(own).refused).hasSize(3);
    Pair other = pair(keys, keys);
    other.acceptor.take(other.dialer.seal("x"), frames[2]);
    assertThat(other.acceptor.opened).containsExactly("x");
    assertThat(other.acceptor.refused).containsExactly("unauthentic");
  }

  @Test
  void aRecordedConnectionPlayedToAnotherAcceptorDoesNotOpen() {
    End dialer = new End(Side.DIALER, keys, chance);
    End acceptor = new End(Side.ACCEPTOR, keys, chance);
    byte[] hello = dialer.session.hello();
    acceptor.take(hello);
    dialer.take(acceptor.session.hello());
    byte[] first = dialer.seal("hello");
    End later = new End(Side.ACCEPTOR, keys, chance).take(hello, first);
    assertThat(later.opened).isEmpty();
    assertThat(later.refused).containsExactly("key");
  }

  @Test
  void anEchoOfTheDialerIsNoPeer() {
    End dialer = new End(Side.DIALER, keys, chance);
    dialer.take(dialer.session.hello());
    assertThat(dialer.take(dialer.seal("hello")).refused).containsExactly("key");
    assertThat(dialer.opened).isEmpty();
  }

  @Test
  void noMutationOfASealedFrameOpens() {
    Pair pair = pair(keys, keys);
    byte[] first = pair.dialer.seal("first");
    pair.acceptor.take(first);
    byte[] next = pair.dialer.seal("the next one, of some length, so that there is what to change");
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = mutated(next);
      if (!java.util.Arrays.equals(mutated, next)) {
        pair.acceptor.take(mutated);
      }
    }
    assertThat(pair.acceptor.opened).containsExactly("first");
    assertThat(pair.acceptor.refused)
        .hasSizeGreaterThan(MUTATIONS / 2)
        .isSubsetOf("unauthentic", "malformed", "plaintext", "key");
    assertThat(pair.acceptor.take(next).opened).hasSize(2);
  }

  @Test
  void noMutationOfAGreetingLeadsToMoreThanARefusal() {
    for (int i = 0; i < MUTATIONS / 10; i++) {
      End acceptor = new End(Side.ACCEPTOR, keys, chance);
      End dialer = new End(Side.DIALER, keys, chance);
      byte[] hello = dialer.session.hello();
      acceptor.take(mutated(hello), hello, mutated(hello));
      assertThat(acceptor.opened).isEmpty();
    }
  }

  @Test
  void anyKeyOfTheListOpensAndTheFirstSeals() {
    String old = KeyRing.generate(128, chance);
    String fresh = KeyRing.generate(256, chance);
    Pair pair = pair(ring(fresh, old), ring(old, fresh));
    pair.acceptor.take(pair.dialer.seal("by the fresh one"));
    pair.dialer.take(pair.acceptor.seal("by the old one"));
    assertThat(pair.acceptor.opened).hasSize(1);
    assertThat(pair.dialer.opened).hasSize(1);
    assertThat(pair.dialer.session.usesOnly(ring(fresh, old))).isTrue();
    assertThat(pair.dialer.session.usesOnly(ring(fresh))).isFalse(); // the old one sealed to us
    assertThat(pair.acceptor.session.usesOnly(ring(old))).isFalse();
  }

  @Test
  void anUnknownKeyIsRefusedAndBothSidesKnowWhy() {
    Pair pair = pair(ring(KeyRing.generate(256, chance)), keys);
    byte[] secret = pair.dialer.seal("secret");
    pair.acceptor.take(secret);
    assertThat(pair.acceptor.refused).containsExactly("key");
    assertThat(pair.acceptor.words).contains("not in memberlist.encryption_keys_file here");
    assertThat(pair.acceptor.answer).hasSize(2); // nothing of ours
    pair.dialer.take(pair.acceptor.answer);
    assertThat(pair.dialer.refused).containsExactly("key");
    assertThat(pair.dialer.words).contains("add that key there");
  }

  @Test
  void bareFramesAreRefusedAndAnsweredInTheBare() throws Exception {
    End acceptor = new End(Side.ACCEPTOR, keys, chance);
    acceptor.take("\n\u0003abc".getBytes(StandardCharsets.UTF_8));
    assertThat(acceptor.refused).containsExactly("plaintext");
    assertThat(io.ringdaemon.proto.Frame.parseFrom(acceptor.answer).getRefusal().getText())
        .contains("memberlist.encryption_keys_file");
    acceptor.take(new byte[0], new byte[] {0}, new byte[] {0, 2}, new byte[] {0, 9, 9});
    assertThat(acceptor.opened).isEmpty();
    assertThat(acceptor.refused).hasSize(5);
  }

  /** RFC 5869, test case 1: its first 32 bytes come from one step of each kind. */
  @Test
  void keysAreDerivedByHkdf() {
    HexFormat hex = HexFormat.of();
    byte[] prk = Hmac.of(hex.parseHex("000102030405060708090a0b0c"), hex.parseHex("0b".repeat(22)));
    byte[] okm = Hmac.of(prk, hex.parseHex("f0f1f2f3f4f5f6f7f8f9"), new byte[] {1});
    assertThat(hex.formatHex(okm))
        .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
  }

  /** Computed by another implementation (Python's cryptography); the example of docs/formats.md. */
  @Test
  void theBytesAreThoseOfTheFormat() {
    KeyRing key = ring(java.util.Base64.getEncoder().encodeToString(repeated(0x11, 16)));
    SealedSession dialer = new SealedSession(Side.DIALER, key, always(0x22));
    byte[] answer = new byte[34];
    System.arraycopy(repeated(0x33, 32), 0, answer, 2, 32);
    answer[1] = 1;
    dialer.received(answer, new End(Side.ACCEPTOR, key, chance));
    assertThat(HexFormat.of().formatHex(dialer.hello())).isEqualTo("0001" + "22".repeat(32));
    assertThat(HexFormat.of().formatHex(dialer.seal("hello".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("00020bb486c94e789290b9ed55606251e4cacab04c7658");
  }

  private static byte[] repeated(int value, int count) {
    byte[] bytes = new byte[count];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static RandomGenerator always(int value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return value;
      }

      @Override
      public void nextBytes(byte[] bytes) {
        java.util.Arrays.fill(bytes, (byte) value);
      }
    };
  }

  static KeyRing ring(String... keys) {
    try {
      return KeyRing.parse(Path.of("keys"), String.join("\n", keys));
    } catch (SecretFileException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] mutated(byte[] frame) {
    return switch (chance.nextInt(4)) {
      case 0 -> java.util.Arrays.copyOf(frame, chance.nextInt(frame.length));
      case 1 -> java.util.Arrays.copyOf(frame, frame.length + 1 + chance.nextInt(40));
      case 2 -> {
        byte[] changed = frame.clone();
        changed[chance.nextInt(frame.length)] ^= (byte) (1 << chance.nextInt(8));
        yield changed;
      }
      default -> {
        byte[] changed = frame.clone();
        int from = chance.nextInt(frame.length);
        int to = from + chance.nextInt(frame.length - from + 1);
        for (int i = from; i < to; i++) {
          changed[i] = (byte) chance.nextInt(256);
        }
        yield changed;
      }
    };
  }
}
