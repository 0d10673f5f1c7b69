package io.ringdaemon.daemon.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code HOST:PORT} as the command line and seeds write it; an IPv6 host stands in brackets. */
public record HostPort(String host, int port) {
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Reads {@code HOST:PORT} or {@code [IPV6]:PORT}; nothing if it is neither. */
  public static Optional<HostPort> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || colon == text.length() - 1 || text.length() - colon > 6) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    String digits = text.substring(colon + 1);
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int port = Integer.parseInt(digits);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean good = port <= 65535 && (bracketed ? isIpv6(bare) : isHost(bare) && !isIpv6(bare));
    return good ? Optional.of(new HostPort(bare, port)) : Optional.empty();
  }

  /** Whether {@code host} is a name or an address. */
  static boolean isHost(String host) {
    if (isIpv6(host)) {
      return true;
    }
    boolean looksLikeIpv4 = host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    return host.length() <= 253 && HOST.matcher(host).matches() && (!looksLikeIpv4 || isIpv4(host));
  }

  /**
   * Whether {@code host} surely is this machine alone; a name other than localhost counts as
   * elsewhere.
   */
  public static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    return (isIpv4(host) || isIpv6(host))
        && literal(host).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  private static boolean isIpv4(String host) {
    return IPV4.matcher(host).matches() && literal(host).isPresent();
  }

  private static boolean isIpv6(String host) {
    boolean shaped =
        host.indexOf(':') >= 0 && host.chars().allMatch(c -> c == ':' || c == '.' || isHex(c));
    return shaped && literal(host).isPresent();
  }

  private static boolean isHex(int c) {
    return Character.digit(c, 16) >= 0 && c < 128;
  }

  /** Called with literals only, so that no name service is asked. */
  private static Optional<InetAddress> literal(String address) {
    try {
      return Optional.of(
          InetAddress.getByName(address.indexOf(':') >= 0 ? "[" + address + "]" : address));
    } catch (UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
