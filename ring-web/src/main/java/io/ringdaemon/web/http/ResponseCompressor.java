package io.ringdaemon.web.http;

import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * gzip for clients that take it, from 1 KiB on. Not for event streams, which must come at once, nor
 * for whole answers so large that packing them would keep all other clients waiting; what is sent
 * in pieces is packed piece by piece.
 */
final class ResponseCompressor extends HttpContentCompressor {
  private static final int LEAST = 1 << 10;
  private static final int MOST = 4 << 20;
  private static final String EVENTS = "text/event-stream";
  private static final int LEVEL = 4; // half the time of the usual 6, for a few bytes in a hundred

  ResponseCompressor() {
    super(
        LEAST,
        StandardCompressionOptions.gzip(LEVEL, 15, 8),
        StandardCompressionOptions.deflate(LEVEL, 15, 8));
  }

  @Override
  protected @Nullable Result beginEncode(HttpResponse response, String acceptEncoding)
      throws Exception {
    boolean inPieces =
        HttpUtil.isTransferEncodingChunked(response)
            && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE, EVENTS, true);
    boolean packable =
        response instanceof FullHttpResponse whole
            ? whole.content().readableBytes() <= MOST
            : inPieces;
    return packable && response.headers().contains(HttpHeaderNames.CONTENT_TYPE)
        ? super.beginEncode(response, acceptEncoding)
        : null;
  }
}
