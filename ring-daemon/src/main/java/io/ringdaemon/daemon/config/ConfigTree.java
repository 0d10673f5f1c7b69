package io.ringdaemon.daemon.config;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Joins layers of options to a whole configuration: later layers win, option by option; lists are
 * replaced, an option without a value is as if unwritten. Rings that a layer names replace the
 * implicit {@code default} ring.
 */
final class ConfigTree {
  private static final String RINGS = "rings";
  private static final ObjectNode HOOK = without("command", HookConfig.DEFAULTS);
  private static final ObjectNode CHECK = without("exec", CheckConfig.DEFAULTS);

  private ConfigTree() {}

  /** The defaults of an element of a list, in which one thing has none: what is to be done. */
  private static ObjectNode without(String option, Object defaults) {
    ObjectNode tree = ConfigMapper.tree(defaults);
    tree.putArray(option);
    return tree;
  }

  static DaemonConfig bind(List<Layer> layers) {
    Layer written = Layer.empty();
    for (Layer layer : layers) {
      Layer plain = AdminApiBlock.rewritten(layer);
      merge(written.options(), plain.options());
      written.origins().putAll(plain.origins());
    }
    Layer whole = new Layer(withDefaults(written.options()), written.origins());
    completeLists(whole);
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

  private static void completeLists(Layer whole) {
    for (String ring : List.copyOf(whole.options().path(RINGS).propertyNames())) {
      JsonPointer at = JsonPointer.empty().appendProperty(RINGS).appendProperty(ring);
      JsonPointer election = at.appendProperty("leader_election");
      complete(whole, election.appendProperty("on_leader_start"), HOOK);
      complete(whole, election.appendProperty("on_leader_stop"), HOOK);
      complete(whole, at.appendProperty("checks"), CHECK);
    }
  }

  /** Each map in a list gets the options it does not write; one that is none is refused first. */
  private static void complete(Layer whole, JsonPointer list, ObjectNode usual) {
    if (whole.options().at(list) instanceof ArrayNode elements) {
      for (int i = 0; i < elements.size(); i++) {
        if (elements.get(i) instanceof ObjectNode written) {
          for (String name : written.propertyNames()) {
            if (!usual.has(name)) {
              throw BindFailure.unknown(
                  whole, list.appendIndex(i).appendProperty(name), usual.propertyNames());
            }
          }
          usual.forEachEntry((name, value) -> written.putIfAbsent(name, value.deepCopy()));
        }
      }
    }
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
