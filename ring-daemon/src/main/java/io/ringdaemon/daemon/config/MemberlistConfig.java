package io.ringdaemon.daemon.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ringdaemon.gossip.mesh.security.Protection;
import io.ringdaemon.gossip.mesh.security.SharedKeys;
import io.ringdaemon.gossip.mesh.security.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gossip, whichever engine carries it.
 *
 * @param bindPort 0 takes any free port
 * @param advertiseAddr empty: the bind address, or, where that is all interfaces, one by route
 * @param advertisePort 0: the bind port
 * @param allowInsecure gossip beyond loopback with neither TLS nor keys
 * @param clusterLabelVerificationDisabled speak with nodes of any label, while one is being changed
 * @param tlsCertPath this node's certificate in PEM, then those between it and the CA
 * @param tlsKeyPath its private key in PEM, PKCS #8
 * @param tlsCaPath PEM files, separated by commas, of those who sign nodes' certificates; empty:
 *     those that the JDK trusts
 * @param tlsServerName what a peer's certificate must name; empty: the address dialed
 * @param tlsInsecureSkipVerify take any certificate of the node dialed
 * @param encryptionKeysFile one key a line, the first one encrypts; empty: no encryption by keys
 * @param joinMembers {@code HOST:PORT}, {@code dns+NAME:PORT}, {@code dnssrv+NAME[:PORT]} or {@code
 *     dnssrvnoa+NAME[:PORT]}
 */
public record MemberlistConfig(
    Engine engine,
    String bindAddr,
    int bindPort,
    String advertiseAddr,
    int advertisePort,
    boolean allowInsecure,
    List<String> joinMembers,
    String clusterLabel,
    Duration rejoinInterval,
    Duration gossipInterval,
    int gossipNodes,
    Duration pullPushInterval,
    Duration leftIngestersTimeout,
    Duration tombstoneRetention,
    boolean clusterLabelVerificationDisabled,
    boolean tlsEnabled,
    String tlsCertPath,
    String tlsKeyPath,
    String tlsCaPath,
    String tlsServerName,
    boolean tlsInsecureSkipVerify,
    ClientAuth tlsClientAuth,
    String encryptionKeysFile,
    ZoneAwareRouting zoneAwareRouting) {

  public static final MemberlistConfig DEFAULTS =
      new MemberlistConfig(
          Engine.SCALECUBE,
          "127.0.0.1",
          7946,
          "",
          0,
          false,
          List.of(),
          "ring-daemon",
          Duration.ofMinutes(1),
          Duration.ofMillis(200),
          3,
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofDays(2),
          false,
          false,
          "",
          "",
          "",
          "",
          false,
          ClientAuth.REQUIRE,
          "",
          ZoneAwareRouting.DEFAULTS);

  public MemberlistConfig {
    InvalidSetting.unless(
        HostPort.isHost(bindAddr), "bind_addr", bindAddr, "an address or a host name");
    InvalidSetting.unlessWithin("bind_port", bindPort, 0, 65535);
    InvalidSetting.unless(
        advertiseAddr.isEmpty() || HostPort.isHost(advertiseAddr),
        "advertise_addr",
        advertiseAddr,
        "an address or a host name");
    InvalidSetting.unlessWithin("advertise_port", advertisePort, 0, 65535);
    joinMembers = List.copyOf(joinMembers);
    for (String seed : joinMembers) {
      InvalidSetting.unless(
          seedHost(seed).isPresent(),
          "join_members",
          seed,
          "HOST:PORT, dns+NAME:PORT or dnssrv+NAME for each seed");
    }
    InvalidSetting.unless(
        clusterLabel.length() <= 255, "cluster_label", clusterLabel, "at most 255 characters");
    InvalidSetting.unlessWithin("rejoin_interval", rejoinInterval, "1s", "24h");
    InvalidSetting.unlessWithin("gossip_interval", gossipInterval, "10ms", "1m");
    InvalidSetting.unlessWithin("gossip_nodes", gossipNodes, 1, 100);
    InvalidSetting.unlessWithin("pull_push_interval", pullPushInterval, "1s", "1h");
    InvalidSetting.unlessWithin("left_ingesters_timeout", leftIngestersTimeout, "1s", "8760h");
    InvalidSetting.unlessWithin("tombstone_retention", tombstoneRetention, "1m", "8760h");
  }

  /** By what gossip is protected; TLS where both are named, which {@link ConfigCheck} refuses. */
  public Protection protection() {
    if (tlsEnabled) {
      return new Tls(
          Path.of(tlsCertPath),
          Path.of(tlsKeyPath),
          Arrays.stream(tlsCaPath.split(","))
              .map(String::strip)
              .filter(path -> !path.isEmpty())
              .map(Path::of)
              .toList(),
          tlsServerName,
          tlsInsecureSkipVerify,
          tlsClientAuth.asked());
    }
    return encryptionKeysFile.isEmpty()
        ? new Protection.None()
        : new SharedKeys(Path.of(encryptionKeysFile));
  }

  /** The host that {@code seed} names, or nothing if it is not a seed. */
  static Optional<String> seedHost(String seed) {
    for (String prefix : List.of("dnssrv+", "dnssrvnoa+")) {
      if (seed.startsWith(prefix)) {
        String name = seed.substring(prefix.length()); // the port is that of the SRV record
        return HostPort.isHost(name) ? Optional.of(name) : writtenHost(name);
      }
    }
    String address = seed.startsWith("dns+") ? seed.substring("dns+".length()) : seed;
    return writtenHost(address);
  }

  private static Optional<String> writtenHost(String address) {
    return HostPort.parse(address).filter(parsed -> parsed.port() > 0).map(HostPort::host);
  }

  /**
   * Gossip within a zone, and by a few bridges across: less traffic between zones. Named as in
   * dskit.
   *
   * @param instanceAvailabilityZone empty: the {@code instance_zone} of the first ring that has one
   */
  public record ZoneAwareRouting(boolean enabled, String instanceAvailabilityZone, Role role) {
    public static final ZoneAwareRouting DEFAULTS = new ZoneAwareRouting(false, "", Role.MEMBER);

    public ZoneAwareRouting {
      InvalidSetting.unless(
          instanceAvailabilityZone.length() <= 255,
          "instance_availability_zone",
          instanceAvailabilityZone,
          "at most 255 characters");
    }

    /** What a node does for its zone. */
    public enum Role {
      /** A bridge while its name is among the two lowest of its zone. */
      @JsonProperty("member")
      MEMBER,
      /** A bridge always. */
      @JsonProperty("bridge")
      BRIDGE
    }
  }

  /** What carries the gossip. */
  public enum Engine {
    @JsonProperty("scalecube")
    SCALECUBE,
    /** The wire of hashicorp/memberlist as dskit uses it. */
    @JsonProperty("memberlist")
    MEMBERLIST
  }

  /** What the certificate of a caller is asked for. */
  public enum ClientAuth {
    @JsonProperty("require")
    REQUIRE,
    @JsonProperty("want")
    WANT,
    @JsonProperty("none")
    NONE;

    private Tls.ClientAuth asked() {
      return Tls.ClientAuth.valueOf(name());
    }
  }
}
