package io.ringdaemon.gossip.mesh.scalecube;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which address of this host peers should use, where it listens on all of them: the one by route to
 * the first seed that is elsewhere; else by the default route; else the first private one of an
 * interface, or any. Loopback only where every seed is there and there is nothing else. Link-local
 * addresses mean nothing to others. Pure.
 */
final class Advertise {
  /** An address, and how it was found, for the log. */
  record Chosen(InetAddress ip, String why) {}

  // Addresses reserved for documentation: no packet is sent, the route is that of everything else.
  private static final List<InetAddress> ANYWHERE =
      List.of(
          Address.literal("192.0.2.1", 9).orElseThrow().ip(),
          Address.literal("2001:db8::1", 9).orElseThrow().ip());

  private Advertise() {}

  /** Whether {@code ip} is "all interfaces". */
  static boolean needed(InetAddress ip) {
    return ip.isAnyLocalAddress();
  }

  /**
   * @param bound what it listens on: only all IPv4 addresses, or all of both families
   * @param seeds where peers are looked for, in the order of the configuration
   */
  static Optional<Chosen> choose(InetAddress bound, List<Address> seeds, HostNetwork network) {
    boolean onlyIpv4 = bound instanceof Inet4Address;
    List<Chosen> loopback = new ArrayList<>();
    for (Address seed : seeds) {
      Optional<Chosen> found =
          network
              .towards(seed.ip())
              .filter(ip -> fits(ip, onlyIpv4))
              .map(ip -> new Chosen(ip, "by route to seed " + seed));
      if (found.isPresent() && !found.get().ip().isLoopbackAddress()) {
        return found;
      }
      found.ifPresent(loopback::add);
    }
    for (InetAddress elsewhere : ANYWHERE) {
      Optional<InetAddress> ip = network.towards(elsewhere);
      if (ip.filter(one -> fits(one, onlyIpv4) && !one.isLoopbackAddress()).isPresent()) {
        return ip.map(one -> new Chosen(one, "by the default route"));
      }
    }
    List<HostNetwork.Place> places =
        network.places().stream()
            .filter(place -> fits(place.ip(), onlyIpv4) && !place.ip().isLoopbackAddress())
            .toList();
    return places.stream()
        .filter(place -> isPrivate(place.ip()))
        .findFirst()
        .or(() -> places.stream().findFirst())
        .map(place -> new Chosen(place.ip(), "the address of interface " + place.interfaceName()))
        .or(() -> loopback.stream().findFirst());
  }

  private static boolean fits(InetAddress ip, boolean onlyIpv4) {
    return (ip instanceof Inet4Address || !onlyIpv4)
        && !ip.isAnyLocalAddress()
        && !ip.isMulticastAddress()
        && !ip.isLinkLocalAddress();
  }

  /** RFC 1918 and unique local IPv6. */
  private static boolean isPrivate(InetAddress ip) {
    return ip.isSiteLocalAddress()
        || (!(ip instanceof Inet4Address) && (ip.getAddress()[0] & 0xfe) == 0xfc);
  }
}
