package io.ringdaemon.daemon.config;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * All that can be configured, with the option names of the field: {@code nodeName} is {@code
 * node_name} in YAML. Rings keep the order in which they were named; the first one is the ring of
 * {@code /ring}.
 *
 * @param nodeName empty only in {@link #DEFAULTS}: {@link ConfigSources} puts the host name in
 * @param partitionRings by name; their options are not known yet
 */
public record DaemonConfig(
    String nodeName,
    String dataDir,
    ServerConfig server,
    MemberlistConfig memberlist,
    Map<String, RingConfig> rings,
    Map<String, Object> partitionRings) {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?");
  private static final Pattern RING =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?");

  /** What holds without a config file. */
  public static final DaemonConfig DEFAULTS =
      new DaemonConfig(
          "",
          "data",
          ServerConfig.DEFAULTS,
          MemberlistConfig.DEFAULTS,
          Map.of("default", RingConfig.DEFAULTS),
          Map.of());

  public DaemonConfig {
    InvalidSetting.unless(
        nodeName.isEmpty() || NAME.matcher(nodeName).matches(),
        "node_name",
        nodeName,
        "a name of letters, digits, '.', '_' and '-', at most 254");
    InvalidSetting.unless(!dataDir.isBlank(), "data_dir", dataDir, "a directory");
    rings = Collections.unmodifiableMap(new LinkedHashMap<>(rings));
    partitionRings = Collections.unmodifiableMap(new LinkedHashMap<>(partitionRings));
    InvalidSetting.unless(!rings.isEmpty(), "rings", "{}", "at least one ring");
    for (String ring : rings.keySet()) {
      if (!RING.matcher(ring).matches()) {
        throw new InvalidSetting(
            ring, "a ring's name of letters, digits, '.', '_' and '-', at most 128", "rings", ring);
      }
    }
    refuseSharedKeys(rings);
  }

  private static void refuseSharedKeys(Map<String, RingConfig> rings) {
    var ringOf = new HashMap<String, String>();
    rings.forEach(
        (name, ring) -> {
          String key = ring.storeKey(name);
          for (String place : ring.kvstore().places()) {
            String before = ringOf.putIfAbsent(place + " " + key, name);
            if (before != null) {
              String expectation =
                  "a store and key of its own, but ring " + before + " is kept there too";
              throw new InvalidSetting(key, expectation, "rings", name, "key");
            }
          }
        });
  }

  DaemonConfig withNodeName(String name) {
    return new DaemonConfig(name, dataDir, server, memberlist, rings, partitionRings);
  }
}
