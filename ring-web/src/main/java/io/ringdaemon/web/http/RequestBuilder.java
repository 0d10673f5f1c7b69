package io.ringdaemon.web.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request while its body is still coming. Confined to the event loop. */
final class RequestBuilder {
  private final HttpRequest head;
  private final Caller caller;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

  RequestBuilder(HttpRequest head, Caller caller) {
    this.head = head;
    this.caller = caller;
  }

  /** What makes the request unfit before its body is looked at; null: nothing. */
  static @Nullable HttpProblem faultOf(HttpRequest head, HttpLimits limits) {
    if (head.decoderResult().isFailure()) {
      Throwable cause = head.decoderResult().cause();
      return cause instanceof TooLongHttpLineException
          ? new HttpProblem(414, "a request's first line has at most " + limits.line() + " bytes")
          : cause instanceof TooLongFrameException
              ? new HttpProblem(431, "headers have at most " + limits.headers() + " bytes")
              : HttpProblem.badRequest("this is not a well-formed HTTP request");
    }
    if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return new HttpProblem(505, "this server speaks HTTP/1.1");
    }
    List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
    boolean old = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (hosts.size() > 1 || (hosts.isEmpty() && !old)) {
      return HttpProblem.badRequest("a request has one Host header");
    }
    if (HttpUtil.getContentLength(head, 0L) > limits.body()) {
      return new HttpProblem(413, "a body has at most " + limits.body() + " bytes");
    }
    return null;
  }

  boolean expectsContinue() {
    return HttpUtil.is100ContinueExpected(head);
  }

  boolean keepAlive() {
    return HttpUtil.isKeepAlive(head);
  }

  /** Whether the client speaks HTTP/1.0. */
  boolean old() {
    return head.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  void add(ByteBuf bytes) {
    try {
      bytes.readBytes(body, bytes.readableBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int bytes() {
    return body.size();
  }

  Request build() {
    Map<String, String> headers = new HashMap<>();
    head.headers()
        .forEach(
            header ->
                headers.merge(
                    header.getKey().toLowerCase(Locale.ROOT),
                    header.getValue(),
                    (some, more) -> some + ", " + more));
    return Request.of(
        head.method().name(),
        target(head.uri()),
        headers,
        body.toString(StandardCharsets.UTF_8),
        caller);
  }

  /** The path and query of a target that may also be a whole address. */
  private static String target(String uri) {
    if (uri.startsWith("/") || uri.equals("*")) {
      return uri;
    }
    int authority = uri.indexOf("://");
    if (authority < 0) {
      throw HttpProblem.badRequest("a request's target starts with a slash");
    }
    int path = uri.indexOf('/', authority + 3);
    return path < 0 ? "/" : uri.substring(path);
  }
}
