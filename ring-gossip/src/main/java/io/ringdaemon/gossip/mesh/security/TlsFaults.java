package io.ringdaemon.gossip.mesh.security;

import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Failures of TLS, in words that tell what to mend where. */
public final class TlsFaults {
  private static final int LONGEST_CHAIN = 10;
  private static final int LONGEST = 100;

  private TlsFaults() {}

  /** What {@code cause} says about a connection; nothing if it is no failure of TLS. */
  public static Optional<Fault> of(Throwable cause) {
    @Nullable Throwable at = cause;
    SSLException found = null;
    String deepest = "";
    for (int i = 0; i < LONGEST_CHAIN && at != null; i++, at = at.getCause()) {
      if (at instanceof ClosedChannelException) {
        return Optional.empty();
      }
      if (at instanceof SSLException tls) {
        found = tls;
      }
      deepest = at.getMessage() == null ? deepest : at.getMessage();
    }
    if (found == null || deepest.contains("closed")) {
      return Optional.empty(); // somebody looked whether the port is open
    }
    return Optional.of(new Fault("tls", words(deepest)));
  }

  /** Whether TLS failed, be it no more than a connection that ended early. */
  public static boolean concerns(Throwable cause) {
    return cause instanceof SSLException || cause.getCause() instanceof SSLException;
  }

  private static String words(String message) {
    String why = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    return message.contains("fatal alert")
        ? "refuses our certificate or our TLS ("
            + why
            + "): memberlist.tls_cert_path here must be signed by a CA of tls_ca_path there"
        : "TLS failed ("
            + why
            + "): its certificate must be signed by a CA of memberlist.tls_ca_path here and name the"
            + " address dialed, or tls_server_name";
  }
}
