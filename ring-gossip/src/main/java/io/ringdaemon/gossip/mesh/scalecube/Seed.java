package io.ringdaemon.gossip.mesh.scalecube;

import java.util.Optional;

/**
 * Where to look for peers, as people write it and dskit understands it:
 *
 * <pre>
 *   host:port               the system's name service (hosts file, search domains), or a literal
 *   dns+name:port           every A and AAAA record
 *   dnssrv+name[:port]      SRV records, then A and AAAA records of their targets
 *   dnssrvnoa+name[:port]   SRV records; the targets as if they stood here as host:port
 * </pre>
 *
 * A port written counts more than that of the SRV record. Names are asked for anew each time.
 */
record Seed(Kind kind, String host, int port) {
  enum Kind {
    HOST(""),
    DNS("dns+"),
    SERVICE("dnssrv+"),
    SERVICE_TARGETS("dnssrvnoa+");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  private static final int LONGEST_NAME = 254;

  /** The seed, or nothing if the text is none. Port 0: that of the SRV record. */
  static Optional<Seed> parse(String text) {
    Kind kind = Kind.HOST;
    for (Kind one : Kind.values()) {
      if (text.startsWith(one.prefix)) {
        kind = one; // of the prefixes none begins another, but that of HOST, which is first
      }
    }
    String place = text.substring(kind.prefix.length());
    Kind found = kind;
    boolean service = kind == Kind.SERVICE || kind == Kind.SERVICE_TARGETS;
    Optional<Seed> seed =
        service && place.indexOf(':') < 0
            ? Optional.of(new Seed(kind, place, 0))
            : Address.written(place).map(parts -> new Seed(found, parts.host(), parts.port()));
    return seed.filter(one -> !one.host.isEmpty())
        .filter(one -> one.host.length() <= LONGEST_NAME && one.host.indexOf('+') < 0);
  }
}
