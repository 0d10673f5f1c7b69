package io.ringdaemon.web.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends events to one client until it goes, is too slow, or the server stops. Too slow is who lets
 * so much pile up that its channel is no longer writable: it is dropped and counted.
 *
 * <p><b>Threading:</b> confined to the channel's event loop but for {@link #send}. <b>Bounds:</b>
 * the channel's high water mark and one event.
 */
@SuppressWarnings("FutureReturnValueIgnored") // writes that close on failure: nobody waits for them
final class EventConnection implements EventStream.Sink {
  private final ChannelHandlerContext ctx;
  private final LongAdder dropped;
  private final ScheduledFuture<?> heartbeat;
  private Runnable onClose = () -> {};
  private boolean closed;

  /** After the head was written. */
  EventConnection(ChannelHandlerContext ctx, Duration heartbeat, LongAdder dropped) {
    this.ctx = ctx;
    this.dropped = dropped;
    this.heartbeat =
        ctx.executor()
            .scheduleAtFixedRate(
                () -> write(":\n\n"),
                heartbeat.toMillis(),
                heartbeat.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  void begin(EventStream stream) {
    Runnable ending = stream.open(this);
    if (closed) {
      ending.run();
    } else {
      onClose = ending;
    }
  }

  @Override
  public void send(EventStream.Event event) {
    if (ctx.executor().inEventLoop()) {
      write(event.text());
      return;
    }
    try {
      ctx.executor().execute(() -> write(event.text()));
    } catch (RejectedExecutionException stopped) {
      return; // the server has stopped meanwhile: nobody is left to tell
    }
  }

  private void write(String text) {
    if (closed) {
      return;
    }
    if (!ctx.channel().isWritable()) {
      dropped.increment();
      close();
      ctx.close();
      return;
    }
    ctx.writeAndFlush(new DefaultHttpContent(ByteBufUtil.writeUtf8(ctx.alloc(), text)))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  /** The server stops: the client is told that this was all. */
  void end() {
    if (!closed) {
      close();
      ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** The connection is gone. */
  void close() {
    if (!closed) {
      closed = true;
      heartbeat.cancel(false);
      onClose.run();
    }
  }
}
