package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.security.Protection;
import java.time.Duration;
import java.util.List;

/**
 * How one node takes part in the mesh.
 *
 * @param nodeName this node, the same over restarts
 * @param life start of this process, Unix milliseconds
 * @param bindHost interface to listen on, name or literal
 * @param bindPort port to listen on; 0 takes any free one
 * @param advertiseHost where peers reach us; empty: {@code bindHost}, or the address by route where
 *     that is all interfaces ({@link Advertise})
 * @param advertisePort 0: the port bound
 * @param seeds where to look for others, each as {@link Seed} says; names are asked for anew at
 *     each attempt
 * @param clusterLabel only nodes with the same label speak with each other; may be empty
 * @param zone may be empty
 * @param httpAddress where our pages are, may be empty
 * @param release version of the program, may be empty
 * @param rejoinInterval how often lost peers and seeds are tried again when all is well
 * @param security with whom we speak, and how well protected
 */
public record MeshConfig(
    String nodeName,
    long life,
    String bindHost,
    int bindPort,
    String advertiseHost,
    int advertisePort,
    List<String> seeds,
    String clusterLabel,
    String zone,
    String httpAddress,
    String release,
    Duration rejoinInterval,
    MeshTiming timing,
    Security security) {
  /**
   * What keeps strangers out.
   *
   * @param anyLabel speak with nodes of any label, while a label is being changed
   */
  public record Security(boolean anyLabel, Protection protection) {
    public static final Security NONE = new Security(false, new Protection.None());
  }

  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_TEXT = 255;
  private static final int MOST_SEEDS = 1_000;

  public MeshConfig {
    seeds = List.copyOf(seeds);
    text("nodeName", nodeName, 1, LONGEST_NAME);
    text("bindHost", bindHost, 1, LONGEST_TEXT);
    text("advertiseHost", advertiseHost, 0, LONGEST_TEXT);
    text("clusterLabel", clusterLabel, 0, LONGEST_TEXT);
    text("zone", zone, 0, LONGEST_TEXT);
    text("httpAddress", httpAddress, 0, LONGEST_TEXT);
    text("release", release, 0, LONGEST_TEXT);
    if (life < 0) {
      throw new IllegalArgumentException("life must not be negative: " + life);
    }
    port("bindPort", bindPort);
    port("advertisePort", advertisePort);
    if (seeds.size() > MOST_SEEDS) {
      throw new IllegalArgumentException(
          "seeds: at most " + MOST_SEEDS + ", there are " + seeds.size());
    }
    for (String seed : seeds) {
      if (Seed.parse(seed).isEmpty()) {
        throw new IllegalArgumentException(
            "seeds must be host:port, dns+name:port or dnssrv+name each: " + seed);
      }
    }
    if (Address.literal(advertiseHost, 1).filter(address -> !address.dialable()).isPresent()) {
      throw new IllegalArgumentException(
          "advertiseHost "
              + advertiseHost
              + " is no address that peers could dial: set it to this host's own");
    }
    if (rejoinInterval.compareTo(Duration.ofMillis(100)) < 0) {
      throw new IllegalArgumentException(
          "rejoinInterval must be at least 100ms: " + rejoinInterval);
    }
  }

  /** A node with nothing but the necessary; all else empty or by default. */
  public static MeshConfig of(String nodeName, long life, String bindHost, int bindPort) {
    return new MeshConfig(
        nodeName,
        life,
        bindHost,
        bindPort,
        "",
        0,
        List.of(),
        "",
        "",
        "",
        "",
        Duration.ofMinutes(1),
        MeshTiming.TUNED,
        Security.NONE);
  }

  public MeshConfig withSeeds(List<String> seeds) {
    return with(seeds, clusterLabel, zone, httpAddress, release, rejoinInterval, timing, security);
  }

  public MeshConfig withClusterLabel(String clusterLabel) {
    return with(seeds, clusterLabel, zone, httpAddress, release, rejoinInterval, timing, security);
  }

  /** What the pages show of this node. */
  public MeshConfig withAbout(String zone, String httpAddress, String release) {
    return with(seeds, clusterLabel, zone, httpAddress, release, rejoinInterval, timing, security);
  }

  /** The same once it is known where peers reach us: pages on all interfaces are reached there. */
  MeshConfig at(Address advertised) {
    return Address.written(httpAddress)
        .filter(
            page ->
                Address.literal(page.host(), 1)
                    .filter(one -> one.ip().isAnyLocalAddress())
                    .isPresent())
        .map(page -> withAbout(zone, advertised.host() + ":" + page.port(), release))
        .orElse(this);
  }

  public MeshConfig withTiming(MeshTiming timing, Duration rejoinInterval) {
    return with(seeds, clusterLabel, zone, httpAddress, release, rejoinInterval, timing, security);
  }

  public MeshConfig withSecurity(Security security) {
    return with(seeds, clusterLabel, zone, httpAddress, release, rejoinInterval, timing, security);
  }

  /** All that may differ from what {@link #of} says. */
  private MeshConfig with(
      List<String> seeds,
      String clusterLabel,
      String zone,
      String httpAddress,
      String release,
      Duration rejoinInterval,
      MeshTiming timing,
      Security security) {
    return new MeshConfig(
        nodeName,
        life,
        bindHost,
        bindPort,
        advertiseHost,
        advertisePort,
        seeds,
        clusterLabel,
        zone,
        httpAddress,
        release,
        rejoinInterval,
        timing,
        security);
  }

  private static void text(String field, String value, int shortest, int longest) {
    if (value.length() < shortest || value.length() > longest || !SwimCheck.printable(value)) {
      throw new IllegalArgumentException(
          field + " must have " + shortest + " to " + longest + " printable characters: " + value);
    }
  }

  private static void port(String field, int value) {
    if (value < 0 || value > 65_535) {
      throw new IllegalArgumentException(field + " must be 0 to 65535: " + value);
    }
  }
}
