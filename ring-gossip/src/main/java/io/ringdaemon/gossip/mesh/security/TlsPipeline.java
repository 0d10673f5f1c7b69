package io.ringdaemon.gossip.mesh.security;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Puts into a new channel's pipeline what its first bytes must pass, and TLS where there is any.
 */
public final class TlsPipeline {
  private TlsPipeline() {}

  /**
   * Call before other handlers are added.
   *
   * @param host the host dialed; of a caller, anything
   * @param timeout of the TLS handshake
   * @param heavy for the arithmetic of the handshake
   */
  public static void prepare(
      ChannelPipeline pipeline,
      Credentials credentials,
      Side side,
      String host,
      int port,
      Duration timeout,
      Executor heavy) {
    boolean secured = credentials instanceof TlsCredentials;
    pipeline.addLast(new FirstByte(side, secured));
    if (credentials instanceof TlsCredentials tls) {
      String name = tls.serverName().isEmpty() ? host : tls.serverName();
      SslHandler handler =
          side == Side.DIALER
              ? tls.client().newHandler(pipeline.channel().alloc(), name, port, heavy)
              : tls.server().newHandler(pipeline.channel().alloc(), heavy);
      handler.setHandshakeTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
      pipeline.addLast(handler);
    }
  }
}
