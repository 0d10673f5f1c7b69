package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which of a host's addresses peers are told, listening on all of them. */
class AdvertiseTest {
  private static final String DEFAULT_4 = "192.0.2.1";
  private static final String DEFAULT_6 = "2001:db8::1";

  private final Map<String, String> routes = new LinkedHashMap<>();
  private final List<HostNetwork.Place> places = new ArrayList<>();

  @Test
  void theRouteToTheFirstSeedElsewhereDecides() {
    routes.put("127.0.0.1", "127.0.0.1");
    routes.put("10.1.0.9", "10.1.0.5");
    routes.put("10.2.0.9", "10.2.0.5");
    routes.put(DEFAULT_4, "192.168.0.5");
    assertThat(choose("0.0.0.0", "127.0.0.1:7946", "10.1.0.9:7946", "10.2.0.9:7946"))
        .contains("10.1.0.5 by route to seed 10.1.0.9:7946");
  }

  @Test
  void withoutSeedsTheDefaultRouteDecides() {
    routes.put(DEFAULT_4, "192.168.0.5");
    place("docker0", "172.17.0.1");
    assertThat(choose("0.0.0.0")).contains("192.168.0.5 by the default route");
    assertThat(choose("0.0.0.0", "10.1.0.9:7946")).contains("192.168.0.5 by the default route");
  }

  @Test
  void withoutAnyRouteTheFirstPrivateAddressOfAnInterfaceIsTaken() {
    place("eth0", "fe80::1");
    place("eth0", "203.0.113.7");
    place("eth1", "10.0.0.5");
    assertThat(choose("0.0.0.0")).contains("10.0.0.5 the address of interface eth1");
    places.remove(2);
    assertThat(choose("0.0.0.0")).contains("203.0.113.7 the address of interface eth0");
  }

  @Test
  void ipv6IsTakenWhereItIsListenedTo() {
    routes.put("2001:db8:1::9", "2001:db8:1::5");
    routes.put(DEFAULT_6, "2001:db8:2::5");
    place("eth0", "fd00::5");
    assertThat(choose("::", "[2001:db8:1::9]:7946"))
        .contains("2001:db8:1::5 by route to seed [2001:db8:1::9]:7946");
    assertThat(choose("::")).contains("2001:db8:2::5 by the default route");
    assertThat(choose("0.0.0.0", "[2001:db8:1::9]:7946")).isEmpty();
    routes.clear();
    assertThat(choose("::")).contains("fd00::5 the address of interface eth0");
  }

  @Test
  void loopbackOnlyForSeedsOnThisHostAndNothingElse() {
    routes.put("127.0.0.1", "127.0.0.1");
    assertThat(choose("0.0.0.0", "127.0.0.1:7946"))
        .contains("127.0.0.1 by route to seed 127.0.0.1:7946");
    routes.put(DEFAULT_4, "10.0.0.5");
    assertThat(choose("0.0.0.0", "127.0.0.1:7946")).contains("10.0.0.5 by the default route");
  }

  @Test
  void addressesThatPeersCannotUseAreNone() {
    routes.put(DEFAULT_4, "169.254.3.4");
    routes.put(DEFAULT_6, "::");
    place("eth0", "fe80::1");
    assertThat(choose("::")).isEmpty();
  }

  @Test
  void thisHostSaysWhereItsRoutesLead() {
    assertThat(HostNetwork.SYSTEM.towards(ip("127.0.0.1"))).contains(ip("127.0.0.1"));
    assertThat(HostNetwork.SYSTEM.places())
        .noneMatch(place -> place.ip().isLoopbackAddress() || place.interfaceName().isEmpty());
  }

  private Optional<String> choose(String bound, String... seeds) {
    HostNetwork network =
        new HostNetwork() {
          @Override
          public Optional<InetAddress> towards(InetAddress to) {
            return routes.entrySet().stream()
                .filter(route -> ip(route.getKey()).equals(to))
                .map(route -> ip(route.getValue()))
                .findFirst();
          }

          @Override
          public List<Place> places() {
            return places;
          }
        };
    List<Address> parsed =
        List.of(seeds).stream().map(seed -> Address.canonical(seed).orElseThrow()).toList();
    return Advertise.choose(ip(bound), parsed, network)
        .map(
            chosen ->
                Address.of(chosen.ip(), 1).host().replaceAll("[\\[\\]]", "") + " " + chosen.why());
  }

  private void place(String name, String address) {
    places.add(new HostNetwork.Place(name, ip(address)));
  }

  private static InetAddress ip(String literal) {
    return Address.literal(literal, 1).orElseThrow().ip();
  }
}
