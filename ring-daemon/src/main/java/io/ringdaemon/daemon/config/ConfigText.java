package io.ringdaemon.daemon.config;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A configuration as YAML that can be read back. */
public final class ConfigText {
  private ConfigText() {}

  /** Any tree. */
  public static String yaml(JsonNode tree) {
    return ConfigMapper.YAML.writeValueAsString(tree);
  }

  /** Every option. */
  public static String whole(DaemonConfig config) {
    return ConfigMapper.YAML.writeValueAsString(ConfigMapper.tree(config));
  }

  /** Only what differs from the defaults; rings are named even if nothing in them differs. */
  public static String difference(DaemonConfig config) {
    ObjectNode whole = ConfigMapper.tree(config);
    ObjectNode defaults = ConfigMapper.tree(DaemonConfig.DEFAULTS);
    ObjectNode ringDefaults = ConfigMapper.tree(RingConfig.DEFAULTS);
    ObjectNode difference = difference(whole, defaults);
    difference.remove("rings");
    if (!config.rings().equals(DaemonConfig.DEFAULTS.rings())) {
      ObjectNode rings = difference.putObject("rings");
      config
          .rings()
          .forEach(
              (name, ring) -> rings.set(name, difference(ConfigMapper.tree(ring), ringDefaults)));
    }
    return ConfigMapper.YAML.writeValueAsString(difference);
  }

  private static ObjectNode difference(ObjectNode from, ObjectNode defaults) {
    ObjectNode difference = ConfigMapper.emptyNode();
    from.forEachEntry(
        (name, value) -> {
          JsonNode usual = defaults.get(name);
          if (value instanceof ObjectNode inner && usual instanceof ObjectNode usualInner) {
            ObjectNode below = difference(inner, usualInner);
            if (!below.isEmpty()) {
              difference.set(name, below);
            }
          } else if (!value.equals(usual)) {
            difference.set(name, value);
          }
        });
    return difference;
  }
}
