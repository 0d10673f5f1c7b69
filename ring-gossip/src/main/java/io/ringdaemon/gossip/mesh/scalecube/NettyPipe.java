package io.ringdaemon.gossip.mesh.scalecube;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import io.ringdaemon.gossip.mesh.security.Fault;
import io.ringdaemon.gossip.mesh.security.TlsFaults;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection: takes frames off and hands them to its listener. A frame that breaks the
 * rules closes this connection and no other.
 */
final class NettyPipe extends SimpleChannelInboundHandler<ByteBuf> implements Wire.Pipe {
  private final Channel channel;
  private final Function<Wire.Pipe, Wire.PipeListener> owner;
  private Wire.@Nullable PipeListener listener; // set and read on the I/O thread
  private boolean broken;

  NettyPipe(Channel channel, Function<Wire.Pipe, Wire.PipeListener> owner) {
    this.channel = channel;
    this.owner = owner;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    listener = owner.apply(this);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    if (listener != null && !broken) {
      listener.frame(ByteBufUtil.getBytes(frame));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (listener != null) {
      listener.closed();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Fault fault) {
      broken(fault);
    } else if (event instanceof SslHandshakeCompletionEvent shaken && !shaken.isSuccess()) {
      TlsFaults.of(shaken.cause()).ifPresent(this::broken);
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Optional<Fault> tls = TlsFaults.of(cause);
    if (tls.isPresent()) {
      broken(tls.get());
    } else if (!(cause instanceof IOException) && !TlsFaults.concerns(cause)) { // no mere reset
      broken(Fault.of(cause instanceof TooLongFrameException ? "oversized" : "malformed"));
    }
    ChannelFuture unused = context.close();
  }

  /** Once: closing makes decoders complain again. */
  private void broken(Fault fault) {
    if (listener != null && !broken) {
      broken = true;
      listener.broken(fault);
    }
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void send(byte[] frame, Wire.Delivery delivery) {
    if (!channel.isWritable()) {
      delivery.lost(channel.isActive() ? "not_writable" : "unreachable");
      return;
    }
    ByteBuf bytes = channel.alloc().buffer(4 + frame.length);
    bytes.writeInt(frame.length).writeBytes(frame);
    channel
        .writeAndFlush(bytes)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                delivery.written();
              } else {
                delivery.lost("unreachable");
              }
            });
  }

  @Override
  public void close() {
    if (!channel.isWritable()) {
      ChannelFuture unused = channel.close();
      return;
    }
    // An empty write completes after everything before it has; a peer that doesn't read can't delay
    // the end.
    channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    ScheduledFuture<?> unused =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  ChannelFuture unusedClose = channel.close();
                },
                1,
                TimeUnit.SECONDS);
  }

  @Override
  public void reading(boolean on) {
    channel.config().setAutoRead(on);
  }

  @Override
  public String remote() {
    return String.valueOf(channel.remoteAddress());
  }
}
