package io.ringdaemon.web.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Puts a response on the wire, with the headers that every one has: who we are, and what a browser
 * must not do with our pages.
 */
final class HttpWriter {
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
          + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private static final HttpHeaders EVERYWHERE =
      new DefaultHttpHeaders()
          .set("X-Content-Type-Options", "nosniff")
          .set("Content-Security-Policy", POLICY)
          .set("X-Frame-Options", "DENY")
          .set("Referrer-Policy", "same-origin")
          .set("Cross-Origin-Opener-Policy", "same-origin")
          .set("Cross-Origin-Resource-Policy", "same-origin")
          .set(HttpHeaderNames.VARY, "Accept, Accept-Encoding")
          .set(HttpHeaderNames.CACHE_CONTROL, "no-store");

  private HttpWriter() {}

  static FullHttpResponse goOn() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  static FullHttpResponse encode(
      Response response, boolean headOnly, boolean keepAlive, boolean old, String release) {
    ByteBuf body = ByteBufUtil.writeUtf8(ByteBufAllocator.DEFAULT, response.body());
    int length = body.readableBytes();
    boolean known = response.pieces() == null;
    if (headOnly) {
      body.release();
      body = Unpooled.EMPTY_BUFFER;
    }
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
    HttpHeaders headers = message.headers();
    putAll(headers, response, release);
    if (response.status() != 204 && response.status() != 304 && known) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (old) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return message;
  }

  /** The head of events without an end. */
  static HttpResponse eventHead(Response response, boolean old, String release) {
    HttpResponse message = head(response, false, old, release);
    message.headers().set("X-Accel-Buffering", "no"); // or nginx would keep events back
    return message;
  }

  /** The head of a response that goes on; a client of HTTP/1.0 knows the end by the close. */
  static HttpResponse head(Response response, boolean keepAlive, boolean old, String release) {
    HttpResponse message =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
    putAll(message.headers(), response, release);
    if (!keepAlive) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    if (!old) {
      message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    return message;
  }

  private static void putAll(HttpHeaders headers, Response response, String release) {
    headers.set(EVERYWHERE);
    headers.set("X-Ring-Daemon", printable(release));
    response.headers().forEach((name, value) -> headers.set(name, printable(value)));
  }

  /** Header values are plain ASCII: what an instance may have chosen must not split a header. */
  private static String printable(String value) {
    boolean plain = true;
    for (int i = 0; i < value.length() && plain; i++) {
      plain = value.charAt(i) >= 0x20 && value.charAt(i) < 0x7f;
    }
    if (plain) {
      return value;
    }
    StringBuilder kept = new StringBuilder(value.length());
    value.chars().map(c -> c >= 0x20 && c < 0x7f ? c : '?').forEach(c -> kept.append((char) c));
    return kept.toString();
  }
}
