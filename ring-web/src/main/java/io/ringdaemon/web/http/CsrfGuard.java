package io.ringdaemon.web.http;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps other people's pages from acting through the browser of somebody who can reach this server.
 * A browser says where a request comes from ({@code Sec-Fetch-Site}, {@code Origin}); programs say
 * nothing and pass.
 *
 * <p>A foreign page may also give its own name our address (DNS rebinding): then all looks like one
 * origin. So, where the names under which we may be called are known, a {@code Host} that is
 * neither one of them nor an address is refused for reading too.
 */
public final class CsrfGuard {
  private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  private final boolean anyHost;
  private final Set<String> hosts = new HashSet<>();

  private CsrfGuard(boolean anyHost, Set<String> hosts) {
    this.anyHost = anyHost;
    hosts.forEach(host -> this.hosts.add(host.toLowerCase(Locale.ROOT)));
  }

  /** For servers that can't know under which names they are called. */
  public static CsrfGuard anyHost() {
    return new CsrfGuard(true, Set.of());
  }

  /** Only addresses, {@code localhost} and {@code names} may call us. */
  public static CsrfGuard onlyHosts(Set<String> names) {
    return new CsrfGuard(false, names);
  }

  /** Why {@code request} is refused, if it is. */
  public Optional<HttpProblem> check(Request request) {
    String host = request.header("host").orElse("");
    if (!anyHost && !known(hostName(host))) {
      return Optional.of(
          new HttpProblem(
              421,
              "this daemon is not called " + host + "; use its address, its name, or localhost"));
    }
    if (request.isSafe()) {
      return Optional.empty();
    }
    Optional<String> site = request.header("sec-fetch-site");
    if (site.isPresent() && !site.get().equals("same-origin") && !site.get().equals("none")) {
      return foreign("a page of another site");
    }
    Optional<String> origin = request.header("origin");
    if (origin.isPresent() && !authority(origin.get()).equalsIgnoreCase(host)) {
      return foreign("a page of " + origin.get());
    }
    return Optional.empty();
  }

  private static Optional<HttpProblem> foreign(String whose) {
    return Optional.of(
        new HttpProblem(
            403, "refused: " + whose + " sent this; nothing was changed. Use this daemon's pages"));
  }

  private static String authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority()).orElse("");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private boolean known(String name) {
    return name.isEmpty()
        || name.startsWith("[")
        || ADDRESS.matcher(name).matches()
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || hosts.contains(name);
  }

  private static String hostName(String host) {
    int colon = host.lastIndexOf(':');
    boolean port = colon >= 0 && host.indexOf(']', colon) < 0;
    return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
  }
}
