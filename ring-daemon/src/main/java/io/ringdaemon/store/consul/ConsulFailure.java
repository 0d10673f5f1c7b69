package io.ringdaemon.store.consul;

import io.ringdaemon.store.StoreException;
import io.ringdaemon.store.StoreException.Reason;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** What Consul, or the way to it, said, in words that tell what to do. */
final class ConsulFailure {
  private ConsulFailure() {}

  /** No answer came. */
  static StoreException of(ConsulConfig config, Throwable failure, Duration limit) {
    if (in(failure, TimeoutException.class) || in(failure, HttpConnectTimeoutException.class)) {
      return unreachable("no answer within " + limit.toMillis() + " ms", failure);
    }
    if (in(failure, UnresolvedAddressException.class)) {
      return unreachable("there is no host of this name: check consul.host", failure);
    }
    if (in(failure, ConnectException.class)) { // Java leaves out the text
      return unreachable("Connection refused: is a Consul agent running there?", failure);
    }
    String said = innermost(failure);
    return unreachable(
        said.contains("plaintext connection") || said.contains("SSL/TLS record")
            ? said + ": it speaks no TLS, leave out consul.tls_enabled"
            : said,
        failure);
  }

  private static StoreException unreachable(String text, Throwable failure) {
    return new StoreException(Reason.UNREACHABLE, text, failure);
  }

  /** It answered with an error; the text is its body. */
  static StoreException of(ConsulConfig config, int status, String body) {
    String said = brief(body.isEmpty() ? "HTTP status " + status : body);
    String fix = fix(config, status, said);
    return new StoreException(reason(status), fix.isEmpty() ? said : said + ": " + fix);
  }

  private static Reason reason(int status) {
    return switch (status) {
      case 401, 403 -> Reason.REFUSED;
      case 413 -> Reason.TOO_LARGE;
      default -> Reason.UNREACHABLE;
    };
  }

  private static String fix(ConsulConfig config, int status, String said) {
    if (status == 403 && said.contains("ACL not found")) {
      return "it does not know this token, check consul.acl_token or acl_token_file";
    }
    if (status == 403 && config.token().isEmpty()) {
      return "set consul.acl_token or acl_token_file";
    }
    if (status == 403) {
      return "the token needs key_prefix write on the ring's prefix and on ring-daemon/leader/,"
          + " and session_prefix write";
    }
    if (status == 413) {
      return "raise Consul's limits.kv_max_value_size, or use fewer tokens";
    }
    if (status == 400 && said.contains("HTTPS server")) {
      return "set consul.tls_enabled";
    }
    return said.contains("No cluster leader") ? "look after Consul's servers" : "";
  }

  /** It answered, but not as Consul does. */
  static StoreException strange(String what) {
    return new StoreException(
        Reason.UNREACHABLE,
        "what answers there does not speak as Consul does ("
            + brief(what)
            + "): check consul.host, and what stands in between");
  }

  private static boolean in(Throwable failure, Class<? extends Throwable> kind) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (kind.isInstance(one)) {
        return true;
      }
    }
    return false;
  }

  private static String innermost(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    return brief(
        inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage());
  }

  private static String brief(String text) {
    String line = text.lines().findFirst().orElse(text);
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }
}
