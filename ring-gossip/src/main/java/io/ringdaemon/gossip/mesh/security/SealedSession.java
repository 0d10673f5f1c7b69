package io.ringdaemon.gossip.mesh.security;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection whose frames are sealed with keys that all nodes share.
 *
 * <pre>
 *   dialer                                              acceptor
 *     00 01, 32 random bytes  ────────────────────────▶
 *                             ◀────────────────────────  00 01, 32 random bytes
 *     00 02, sealed frame 0, 1, 2 …  ◀─────────────────▶  00 02, sealed frame 0, 1, 2 …
 *     00 03: "no key of mine opens yours", and the end (either way)
 * </pre>
 *
 * <p><b>Promises</b> that what is opened was sealed by a holder of a key, on this connection, in
 * this direction, as the next frame. <b>Not</b> promised: that the tail of a connection was not cut
 * off (loss is normal in gossip), nor forward secrecy (TLS has it): who learns a key can read what
 * was recorded. A holder of a key can be any node.
 *
 * <p>Each side seals with its first key; the other finds out which one it was at frame 0. A frame
 * of ours never begins with 00 when bare: 0 is no field number of protobuf. Pure; not safe for
 * several threads.
 */
public final class SealedSession {
  /** How much longer a sealed frame is. */
  public static final int OVERHEAD = 2 + SealKey.TAG;

  private static final byte MARK = 0;
  private static final byte HELLO = 1;
  private static final byte SEALED = 2;
  private static final byte NO_COMMON_KEY = 3;
  private static final int RANDOM = 32;

  /** What came of a frame; exactly one of these is called. */
  public interface Outcome {
    /** The other side's random is here: from now on {@link #seal} works. */
    void greeted();

    /** A frame, opened. */
    void opened(byte[] frame);

    /** The connection must end; {@code answer}, if not empty, tells the other side why. */
    void refused(Fault fault, byte[] answer);
  }

  private static final byte[] NO_ANSWER = {};

  private final Side side;
  private final KeyRing keys;
  private final byte[] mine = new byte[RANDOM];
  private byte @Nullable [] theirs;
  private @Nullable SealKey out;
  private @Nullable SealKey in;
  private KeyRing.@Nullable Key inShared;

  /** {@code chance} must be a secure one: two equal sessions would seal with equal keys. */
  public SealedSession(Side side, KeyRing keys, RandomGenerator chance) {
    this.side = side;
    this.keys = keys;
    chance.nextBytes(mine);
  }

  /** Whether a frame is of this protocol and not a bare one. */
  public static boolean marked(byte[] frame) {
    return frame.length > 0 && frame[0] == MARK;
  }

  /** Whether a frame is the first one of somebody who seals. */
  public static boolean greets(byte[] frame) {
    return marked(frame) && frame.length == 2 + RANDOM && frame[1] == HELLO;
  }

  /** Our random: the first frame we send; the acceptor sends it when it has been greeted. */
  public byte[] hello() {
    byte[] frame = new byte[2 + RANDOM];
    frame[1] = HELLO;
    System.arraycopy(mine, 0, frame, 2, RANDOM);
    return frame;
  }

  /** Whether {@link #seal} works. */
  public boolean ready() {
    return out != null;
  }

  /** {@code frame}, to be sent as the next one. */
  public byte[] seal(byte[] frame) {
    SealKey key = out;
    if (key == null) {
      throw new IllegalStateException("the other side has not greeted yet");
    }
    byte[] sealed = new byte[frame.length + OVERHEAD];
    sealed[1] = SEALED;
    key.seal(frame, sealed, 2);
    return sealed;
  }

  /** Whether every key this connection has used so far is among {@code keys}. */
  public boolean usesOnly(KeyRing others) {
    return others.all().contains(keys.first())
        && (inShared == null || others.all().contains(inShared));
  }

  /** Takes the next frame from the other side. */
  public void received(byte[] frame, Outcome outcome) {
    if (!marked(frame)) {
      outcome.refused(
          Fault.plaintextInsteadOfKeys(side),
          side == Side.ACCEPTOR ? PlainNotice.wantsKeys() : NO_ANSWER);
      return;
    }
    byte kind = frame.length < 2 ? 0 : frame[1];
    byte[] random = theirs;
    if (greets(frame) && random == null) {
      theirs = Arrays.copyOfRange(frame, 2, frame.length);
      out = key(keys.first(), theirs, side);
      outcome.greeted();
    } else if (kind == SEALED && random != null) {
      open(frame, random, outcome);
    } else if (kind == NO_COMMON_KEY && frame.length == 2) {
      outcome.refused(Fault.ourKeyUnknown(), NO_ANSWER);
    } else {
      outcome.refused(Fault.of("malformed"), NO_ANSWER);
    }
  }

  private void open(byte[] frame, byte[] random, Outcome outcome) {
    boolean first = in == null;
    Optional<byte[]> plain = in == null ? openFirst(frame, random) : in.open(frame, 2);
    if (plain.isPresent()) {
      outcome.opened(plain.get());
    } else if (first) {
      outcome.refused(Fault.unknownKey(), new byte[] {MARK, NO_COMMON_KEY});
    } else {
      outcome.refused(Fault.of("unauthentic"), NO_ANSWER);
    }
  }

  private Optional<byte[]> openFirst(byte[] frame, byte[] random) {
    for (KeyRing.Key shared : keys.all()) {
      SealKey key = key(shared, random, side.other());
      Optional<byte[]> plain = key.open(frame, 2);
      if (plain.isPresent()) {
        in = key;
        inShared = shared;
        return plain;
      }
    }
    return Optional.empty();
  }

  private SealKey key(KeyRing.Key shared, byte[] random, Side sender) {
    return side == Side.DIALER
        ? new SealKey(shared, mine, random, sender)
        : new SealKey(shared, random, mine, sender);
  }
}
