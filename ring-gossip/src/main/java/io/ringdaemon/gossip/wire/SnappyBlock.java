package io.ringdaemon.gossip.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.Snappy;
import io.ringdaemon.kv.MalformedValueException;

/**
 * Snappy's block format (no framing, no checksum), as dskit wraps every ring value in it
 * (reference/ring-semantics.md 1.3). By Netty's codec, whose hash table reaches 32 KiB: longer
 * input is compressed in stretches, which is legal since a block is a sequence of elements.
 */
public final class SnappyBlock {
  /** A block that says it is longer when opened is refused before anything is allocated. */
  public static final int LONGEST = 16 << 20;

  private static final int STRETCH = 32 * 1024 - 1;

  private SnappyBlock() {}

  public static byte[] compress(byte[] bytes) {
    ByteBuf out = Unpooled.buffer(bytes.length / 2 + 16);
    ByteBuf part = Unpooled.buffer(Math.min(bytes.length, STRETCH) + 32); // grows if it must
    try {
      writeLength(out, bytes.length);
      for (int from = 0; from < bytes.length; from += STRETCH) {
        int length = Math.min(STRETCH, bytes.length - from);
        part.clear();
        new Snappy().encode(Unpooled.wrappedBuffer(bytes, from, length), part, length);
        readLength(part);
        out.writeBytes(part);
      }
      byte[] block = new byte[out.readableBytes()];
      out.readBytes(block);
      return block;
    } finally {
      out.release();
      part.release();
    }
  }

  /** Fails with {@link MalformedValueException}, whatever the bytes are. */
  public static byte[] decompress(byte[] block) {
    ByteBuf in = Unpooled.wrappedBuffer(block);
    int length = readLength(in.duplicate());
    if (length > LONGEST) {
      throw new MalformedValueException("a Snappy block of %d bytes is too long".formatted(length));
    }
    ByteBuf out = Unpooled.buffer(length, Math.max(length, 1));
    try {
      new Snappy().decode(in, out);
      if (out.readableBytes() != length || in.isReadable()) {
        throw new MalformedValueException(
            "a Snappy block holds %d bytes, not %d".formatted(out.readableBytes(), length));
      }
      byte[] bytes = new byte[length];
      out.readBytes(bytes);
      return bytes;
    } catch (DecompressionException | IndexOutOfBoundsException malformed) {
      throw new MalformedValueException("not a Snappy block: " + malformed.getMessage(), malformed);
    } finally {
      in.release();
      out.release();
    }
  }

  private static void writeLength(ByteBuf out, int length) {
    int rest = length;
    while (rest > 0x7F) {
      out.writeByte(rest | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static int readLength(ByteBuf in) {
    int length = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      if (!in.isReadable()) {
        throw new MalformedValueException("a Snappy block ends within its length");
      }
      int next = in.readByte();
      length |= (next & 0x7F) << shift;
      if (next >= 0) {
        if (length < 0) {
          throw new MalformedValueException("a Snappy block has a negative length");
        }
        return length;
      }
    }
    throw new MalformedValueException("a Snappy block's length does not end");
  }
}
