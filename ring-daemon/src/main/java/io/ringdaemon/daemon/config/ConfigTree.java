package io.ringdaemon.daemon.config;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Joins layers of options to a whole configuration: later layers win, option by option; lists are
 * replaced, an option without a value is as if unwritten. Rings that a layer names replace the
 * implicit {@code default} ring.
 */
final class ConfigTree {
  private static final String RINGS = "rings";

  private ConfigTree() {}

  static DaemonConfig bind(List<Layer> layers) {
    Layer written = Layer.empty();
    for (Layer layer : layers) {
      Layer plain = AdminApiBlock.rewritten(layer);
      merge(written.options(), plain.options());
      written.origins().putAll(plain.origins());
    }
    Layer whole = new Layer(withDefaults(written.options()), written.origins());
    try {
      return ConfigMapper.YAML.treeToValue(whole.options(), DaemonConfig.class);
    } catch (JacksonException refused) {
      throw BindFailure.of(refused, whole);
    }
  }

  private static ObjectNode withDefaults(ObjectNode written) {
    ObjectNode whole = ConfigMapper.tree(DaemonConfig.DEFAULTS);
    if (written.get(RINGS) instanceof ObjectNode rings && !rings.isEmpty()) {
      ObjectNode complete = ConfigMapper.emptyNode();
      rings.forEachEntry((name, options) -> complete.set(name, ring(options)));
      whole.remove(RINGS);
      merge(whole, written);
      whole.set(RINGS, complete);
    } else {
      merge(whole, written);
    }
    return whole;
  }

  private static JsonNode ring(JsonNode options) {
    if (!(options instanceof ObjectNode named)) {
      return options.isNull() ? ConfigMapper.tree(RingConfig.DEFAULTS) : options;
    }
    ObjectNode ring = ConfigMapper.tree(RingConfig.DEFAULTS);
    merge(ring, named);
    return ring;
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    from.forEachEntry(
        (name, value) -> {
          if (value instanceof ObjectNode inner && into.get(name) instanceof ObjectNode outer) {
            merge(outer, inner);
          } else if (!value.isNull() || !into.has(name)) {
            into.set(name, value.deepCopy());
          }
        });
  }
}
