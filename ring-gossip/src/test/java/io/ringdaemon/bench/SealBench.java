package io.ringdaemon.bench;

import io.ringdaemon.gossip.mesh.security.Fault;
import io.ringdaemon.gossip.mesh.security.KeyRing;
import io.ringdaemon.gossip.mesh.security.SealedSession;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import io.ringdaemon.gossip.mesh.security.Side;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What shared keys cost a message: sealed, and sealed and opened, beside a plain copy of it. */
public final class SealBench {
  private SealBench() {}

  /** Reads nothing but the length of what was opened. */
  private static final class Opened implements SealedSession.Outcome {
    private int length;

    @Override
    public void greeted() {}

    @Override
    public void opened(byte[] frame) {
      length = frame.length;
    }

    @Override
    public void refused(Fault fault, byte[] answer) {
      throw new IllegalStateException("refused: " + fault);
    }
  }

  public static void main(String[] args) throws SecretFileException {
    Measure.head("seal");
    SplittableRandom chance = new SplittableRandom(1);
    for (int bits : new int[] {128, 256}) {
      KeyRing keys = KeyRing.parse(Path.of("keys"), KeyRing.generate(bits, chance));
      message(keys, bits, 1 << 10, 64, chance);
      message(keys, bits, 64 << 10, 4, chance);
    }
    KeyRing keys = KeyRing.parse(Path.of("keys"), KeyRing.generate(256, chance));
    Measure.nanos(
        "a connection's greeting, both ends, and its first frame each way",
        400,
        4,
        call -> connection(keys, chance));
  }

  private static void message(
      KeyRing keys, int bits, int size, int perBatch, RandomGenerator chance) {
    byte[] plain = new byte[size];
    chance.nextBytes(plain);
    String what = (size >> 10) + " KiB";
    if (bits == 128) {
      Measure.nanos(what + ", copied", 4_000, perBatch, call -> plain.clone().length);
    }
    SealedSession dialer = new SealedSession(Side.DIALER, keys, chance);
    SealedSession acceptor = new SealedSession(Side.ACCEPTOR, keys, chance);
    Opened opened = new Opened();
    acceptor.received(dialer.hello(), opened);
    dialer.received(acceptor.hello(), opened);
    Measure.nanos(
        what + ", sealed and opened, " + bits + " bits",
        4_000,
        perBatch,
        call -> {
          acceptor.received(dialer.seal(plain), opened);
          return opened.length;
        });
    Measure.nanos(
        what + ", sealed, " + bits + " bits", 4_000, perBatch, call -> dialer.seal(plain).length);
  }

  private static long connection(KeyRing keys, RandomGenerator chance) {
    SealedSession dialer = new SealedSession(Side.DIALER, keys, chance);
    SealedSession acceptor = new SealedSession(Side.ACCEPTOR, keys, chance);
    Opened opened = new Opened();
    acceptor.received(dialer.hello(), opened);
    dialer.received(acceptor.hello(), opened);
    acceptor.received(dialer.seal(new byte[200]), opened);
    dialer.received(acceptor.seal(new byte[200]), opened);
    return opened.length;
  }
}
