package io.ringdaemon.gossip.mesh.scalecube;

import io.scalecube.cluster.metadata.MetadataCodec;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.MessageCodec;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Stands where scalecube would otherwise put JDK serialization. Nothing of ours calls it; metadata
 * is always empty. Source: reference/scalecube.md 2.1, 4.4.
 */
final class RefusingCodec implements MessageCodec {
  static final RefusingCodec INSTANCE = new RefusingCodec();

  private RefusingCodec() {}

  @Override
  public Message deserialize(InputStream stream) {
    throw new UnsupportedOperationException("frames are decoded by SwimCodec");
  }

  @Override
  public void serialize(Message message, OutputStream stream) {
    throw new UnsupportedOperationException("frames are encoded by SwimCodec");
  }

  /** No metadata: an empty buffer travels, and only to prove that its member lives. */
  static final class NoMetadata implements MetadataCodec {
    static final NoMetadata INSTANCE = new NoMetadata();

    private NoMetadata() {}

    @Override
    public Object deserialize(ByteBuffer buffer) {
      throw new UnsupportedOperationException("there is no metadata");
    }

    @Override
    public ByteBuffer serialize(Object metadata) {
      return ByteBuffer.allocate(0);
    }
  }
}
