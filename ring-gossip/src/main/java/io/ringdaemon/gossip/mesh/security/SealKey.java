package io.ringdaemon.gossip.mesh.security;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one direction of one connection, and the number of its next frame: AES-GCM with the
 * number as nonce, so no nonce comes twice and a frame that is repeated, left out, out of its
 * order, cut, of another connection or of the other direction does not open.
 *
 * <p>HKDF (RFC 5869) with HMAC-SHA256: salt is the dialer's then the acceptor's random, input the
 * shared key, info names the direction; as long as the shared key. Not safe for several threads.
 */
final class SealKey {
  static final int TAG = 16;
  private static final byte[] INFO = "ring-daemon sealing 1 ".getBytes(Hmac.ASCII);

  private static final byte FROM_DIALER = 0;
  private static final byte FROM_ACCEPTOR = 1;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private final byte[] nonce = new byte[12];
  private final byte[] about = new byte[9]; // associated data: direction, number
  private long number;

  SealKey(KeyRing.Key shared, byte[] dialerRandom, byte[] acceptorRandom, Side sender) {
    byte[] salt = Arrays.copyOf(dialerRandom, dialerRandom.length + acceptorRandom.length);
    System.arraycopy(acceptorRandom, 0, salt, dialerRandom.length, acceptorRandom.length);
    byte[] direction = {sender == Side.DIALER ? FROM_DIALER : FROM_ACCEPTOR};
    byte[] derived = Hmac.of(Hmac.of(salt, shared.bytes()), INFO, direction, new byte[] {1});
    key = new SecretKeySpec(derived, 0, shared.bytes().length, "AES");
    about[0] = direction[0];
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES/GCM", e);
    }
  }

  /** Writes {@code plain}, sealed, into {@code into} from {@code offset} on. */
  void seal(byte[] plain, byte[] into, int offset) {
    try {
      prepare(Cipher.ENCRYPT_MODE);
      cipher.doFinal(plain, 0, plain.length, into, offset);
      number++;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't seal frame " + number, e);
    }
  }

  /** What was sealed; nothing if it was not sealed with this key, as this frame. */
  Optional<byte[]> open(byte[] sealed, int offset) {
    if (sealed.length - offset < TAG) {
      return Optional.empty();
    }
    try {
      prepare(Cipher.DECRYPT_MODE);
      byte[] plain = cipher.doFinal(sealed, offset, sealed.length - offset);
      number++;
      return Optional.of(plain);
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't open frame " + number, e);
    }
  }

  private void prepare(int mode) throws GeneralSecurityException {
    ByteBuffer.wrap(nonce).putLong(4, number);
    ByteBuffer.wrap(about).putLong(1, number);
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
    cipher.updateAAD(about);
  }
}
