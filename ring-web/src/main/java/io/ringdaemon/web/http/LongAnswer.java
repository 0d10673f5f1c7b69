package io.ringdaemon.web.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Writes a {@link LongBody} as fast as its client takes it. After each piece other connections have
 * their turn.
 *
 * <p><b>Threading:</b> confined to the channel's event loop. <b>Bounds:</b> the channel's high
 * water mark and one piece. Of all together {@link HttpLimits#unsent}, and one piece for each, so
 * that slow readers don't keep a quick one waiting.
 */
@SuppressWarnings("FutureReturnValueIgnored") // writes: their listeners are told
final class LongAnswer {
  /** Most at a time. */
  static final int MOST = 512;

  private static final int PIECE = 32 << 10;

  private final ChannelHandlerContext ctx;
  private final SharedState shared;
  private final Consumer<ChannelFuture> atEnd;
  private final BooleanSupplier more;
  private ByteBuf piece = Unpooled.EMPTY_BUFFER;
  private int unsent;
  private boolean scheduled;
  private boolean ended;

  /** After the head was written; {@code atEnd} is told of the last write. */
  LongAnswer(
      ChannelHandlerContext ctx, SharedState shared, LongBody body, Consumer<ChannelFuture> atEnd) {
    this.ctx = ctx;
    this.shared = shared;
    this.atEnd = atEnd;
    this.more =
        body.begin(
            new OutputStream() {
              @Override
              public void write(int one) {
                piece.writeByte(one);
              }

              @Override
              public void write(byte[] bytes, int from, int count) {
                piece.writeBytes(bytes, from, count);
              }
            });
  }

  /** To be called at the beginning and whenever the channel can be written to again. */
  void go() {
    boolean room = unsent == 0 || shared.unsent + PIECE <= shared.limits.unsent();
    if (!ended && !scheduled && room && ctx.channel().isWritable()) {
      scheduled = true;
      ctx.executor().execute(this::next);
    }
  }

  private void next() {
    scheduled = false;
    if (ended || !ctx.channel().isActive()) {
      return;
    }
    boolean last = false;
    piece = ctx.alloc().buffer(PIECE + (8 << 10));
    while (!last && piece.readableBytes() < PIECE) {
      last = !more.getAsBoolean();
    }
    int size = piece.readableBytes();
    unsent += size;
    shared.unsent += size;
    ctx.writeAndFlush(new DefaultHttpContent(piece)).addListener(done -> onSent(size));
    piece = Unpooled.EMPTY_BUFFER;
    if (last) {
      ended = true;
      atEnd.accept(ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    } else {
      go();
    }
  }

  private void onSent(int size) {
    unsent -= size;
    shared.unsent -= size;
    go();
  }
}
