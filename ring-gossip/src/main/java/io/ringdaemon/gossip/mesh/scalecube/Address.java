package io.ringdaemon.gossip.mesh.scalecube;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * {@code host:port} as it stands on the wire: an IP literal in its one canonical form, IPv6 in
 * brackets, no scope id. Scalecube compares addresses as text, so there must be only one text
 * (reference/scalecube.md 2.2). Never asks DNS.
 */
record Address(InetAddress ip, int port) {
  /** A host name or literal with its port, as people write it. */
  record Written(String host, int port) {}

  static Address of(InetAddress ip, int port) {
    try {
      return new Address(InetAddress.getByAddress(ip.getAddress()), port); // without name and scope
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + ip, e);
    }
  }

  /** An address from the wire: canonical and fit to be dialed, or nothing. */
  static Optional<Address> canonical(String text) {
    if (text.length() > 64) {
      return Optional.empty();
    }
    return written(text)
        .flatMap(parts -> literal(parts.host(), parts.port()))
        .filter(address -> address.dialable() && address.toString().equals(text));
  }

  /** Splits at the last colon; brackets around the host are taken off. */
  static Optional<Written> written(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    String digits = text.substring(colon + 1);
    if (host.isEmpty()
        || digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int port = Integer.parseInt(digits);
    return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(new Written(host, port));
  }

  /** The address if {@code host} is an IP literal. */
  static Optional<Address> literal(String host, int port) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Address(InetAddress.getByAddress(bytes), port));
    } catch (UnknownHostException e) {
      return Optional.empty(); // a length that is no address
    }
  }

  /** Whether somebody can be at this address: neither all interfaces nor a group. */
  boolean dialable() {
    return port > 0 && !ip.isAnyLocalAddress() && !ip.isMulticastAddress();
  }

  String host() {
    String text = NetUtil.toAddressString(ip);
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  @Override
  public String toString() {
    return host() + ":" + port;
  }
}
