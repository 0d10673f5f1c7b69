package io.ringdaemon.store.etcd;

import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.ringdaemon.store.StoreException;
import io.ringdaemon.store.StoreException.Reason;
import java.util.concurrent.CompletionException;

/** What etcd, or the way to it, said, in words that tell what to do. */
final class EtcdFailure {
  private EtcdFailure() {}

  static StoreException of(EtcdConfig config, Throwable failure) {
    Throwable known = failure;
    while (known instanceof CompletionException && known.getCause() != null) {
      known = known.getCause();
    }
    String said = innermost(known);
    ErrorCode code = known instanceof EtcdException etcd ? etcd.getErrorCode() : ErrorCode.UNKNOWN;
    if (said.contains("request is too large")) {
      return new StoreException(
          Reason.TOO_LARGE,
          said + ": raise etcd's --max-request-bytes, or use fewer tokens",
          known);
    }
    if (said.contains("user name is empty")
        || said.contains("authentication failed")
        || said.contains("invalid auth token")
        || code == ErrorCode.UNAUTHENTICATED) {
      return refused(config, said, known);
    }
    if (said.contains("authentication is not enabled")) {
      return new StoreException(
          Reason.REFUSED,
          said + ": leave out etcd.username and etcd.password, or enable it there",
          known);
    }
    if (code == ErrorCode.PERMISSION_DENIED || said.contains("permission denied")) {
      return new StoreException(
          Reason.REFUSED,
          "%s: %s may not use this key; grant it readwrite on the ring's prefix"
              .formatted(said, user(config)),
          known);
    }
    if (code == ErrorCode.DEADLINE_EXCEEDED || said.contains("deadline")) {
      return new StoreException(
          Reason.UNREACHABLE,
          "no answer within " + config.requestTimeout().toMillis() + " ms",
          known);
    }
    return new StoreException(Reason.UNREACHABLE, said, known);
  }

  private static StoreException refused(EtcdConfig config, String said, Throwable why) {
    String fix =
        config.username().isEmpty()
            ? "it wants credentials: set etcd.username and etcd.password"
            : "it refuses " + user(config) + ": check etcd.username and etcd.password";
    return new StoreException(Reason.REFUSED, fix + " (" + said + ")", why);
  }

  private static String user(EtcdConfig config) {
    return config.username().isEmpty() ? "who has no name" : "user \"" + config.username() + "\"";
  }

  /** The cause tells most: what the socket or the server said. */
  private static String innermost(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    String text = String.valueOf(inner.getMessage());
    String brief = text.lines().findFirst().orElse(text);
    return brief.length() > 300 ? brief.substring(0, 300) + "…" : brief;
  }
}
