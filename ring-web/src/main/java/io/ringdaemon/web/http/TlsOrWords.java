package io.ringdaemon.web.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Begins TLS; whoever speaks plain HTTP is told that this port is https, and nothing else. */
@SuppressWarnings("FutureReturnValueIgnored") // the connection closes either way
final class TlsOrWords extends OptionalSslHandler {
  private final SslContext context;
  private final Duration patience;
  private final Executor arithmetic;
  private final String release;

  /** {@code arithmetic}: where signatures are made, not to keep other clients waiting. */
  TlsOrWords(SslContext context, Duration patience, Executor arithmetic, String release) {
    super(context);
    this.context = context;
    this.patience = patience;
    this.arithmetic = arithmetic;
    this.release = release;
  }

  @Override
  protected SslHandler newSslHandler(ChannelHandlerContext ctx, SslContext unused) {
    SslHandler handler = context.newHandler(ctx.alloc(), arithmetic);
    handler.setHandshakeTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }

  @Override
  protected ChannelHandler newNonSslHandler(ChannelHandlerContext ctx) {
    return new ChannelInboundHandlerAdapter() {
      private boolean told;

      @Override
      public void channelRead(ChannelHandlerContext here, Object message) {
        ReferenceCountUtil.release(message);
        if (!told) {
          told = true;
          here.pipeline().addBefore(here.name(), "words", new HttpResponseEncoder());
          here.writeAndFlush(
                  HttpWriter.encode(
                      Response.problem(400, "this port speaks TLS: use https"),
                      false,
                      false,
                      false,
                      release))
              .addListener(ChannelFutureListener.CLOSE);
        }
      }
    };
  }
}
