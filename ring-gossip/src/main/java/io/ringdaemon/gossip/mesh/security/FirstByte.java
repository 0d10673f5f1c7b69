package io.ringdaemon.gossip.mesh.security;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;

/**
 * Looks at the first byte that comes: TLS begins with 22 (a greeting) or 21 (an alert), our frames
 * with 0, as none is longer than 16 MiB. So whoever mistook the port is told, and not by a length
 * of 369 MB or a failed record. Then it steps aside.
 */
final class FirstByte extends ChannelInboundHandlerAdapter {
  private static final byte ALERT = 21;
  private static final byte GREETING = 22;
  private static final byte FRAME = 0;

  private final Side side;
  private final boolean secured;
  private boolean refused;

  FirstByte(Side side, boolean secured) {
    this.side = side;
    this.secured = secured;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (refused || !bytes.isReadable()) {
      bytes.release();
      return;
    }
    byte first = bytes.getByte(bytes.readerIndex());
    boolean tls = first == GREETING || first == ALERT;
    if (secured && !tls) {
      refuse(
          context,
          bytes,
          first == FRAME ? Fault.plaintextInsteadOfTls(side) : Fault.of("plaintext"),
          PlainNotice.wantsTls());
    } else if (!secured && tls) {
      refuse(context, bytes, Fault.tlsInsteadOfPlaintext(side), PlainNotice.hasNoTls());
    } else {
      context.fireChannelRead(bytes);
      context.pipeline().remove(this);
    }
  }

  private void refuse(
      ChannelHandlerContext context, ByteBuf bytes, Fault fault, ByteBuffer notice) {
    refused = true;
    ReferenceCountUtil.release(bytes);
    if (side == Side.ACCEPTOR) { // from here it goes out as it is, past TLS
      context
          .writeAndFlush(Unpooled.wrappedBuffer(notice))
          .addListener(ChannelFutureListener.CLOSE);
    }
    context.fireUserEventTriggered(fault);
  }
}
