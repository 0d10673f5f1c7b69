package io.ringdaemon.daemon.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where a daemon's HTTP is. */
record DaemonUrl(String base) {
  static final String DEFAULT = "http://127.0.0.1:7980";

  /** Reads {@code http://HOST:PORT}; the scheme may be left out, empty text means the default. */
  static DaemonUrl parse(String text) {
    String whole =
        text.isBlank() ? DEFAULT : text.contains("://") ? text.strip() : "http://" + text.strip();
    try {
      URI uri = new URI(whole);
      boolean http =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (http && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return new DaemonUrl(whole.replaceAll("/+$", ""));
      }
    } catch (URISyntaxException refused) {
      // told below, as every other address that is none
    }
    throw new CommandFailure(ExitCode.USAGE, "--url=" + text + ": expected http://HOST:PORT");
  }

  /** Whether a connection starts with a TLS handshake. */
  boolean secured() {
    return base.regionMatches(true, 0, "https:", 0, 6);
  }

  /** {@code text} as one segment of a path or one value of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return base;
  }
}
