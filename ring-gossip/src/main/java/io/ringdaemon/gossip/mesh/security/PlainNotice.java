package io.ringdaemon.gossip.mesh.security;

import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Refusal;
import java.nio.ByteBuffer;

/**
 * What a caller without TLS or keys is told, in the only form it can read. Names nothing of this
 * cluster.
 */
final class PlainNotice {
  private PlainNotice() {}

  static byte[] wantsKeys() {
    return frame("encrypts its gossip: set memberlist.encryption_keys_file here to the same keys");
  }

  /** With its length in front, as it is written past TLS. */
  static ByteBuffer wantsTls() {
    return framed(frame("speaks gossip with TLS only: set memberlist.tls_enabled here too"));
  }

  /** To a caller who greeted with TLS; its TLS sees no more than that this is none. */
  static ByteBuffer hasNoTls() {
    return framed(frame("speaks gossip without TLS"));
  }

  private static ByteBuffer framed(byte[] frame) {
    return ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame).flip();
  }

  private static byte[] frame(String text) {
    return Frame.newBuilder()
        .setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.SECURITY).setText(text))
        .build()
        .toByteArray();
  }
}
