package io.ringdaemon.daemon.config;

import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GET's own block for the leader of its admin API, {@code admin_api.leader_election.{enabled,
 * ring.{kvstore, tokens_observe_period}}}, rewritten as the ring {@code admin-api} that it means:
 * one token an instance.
 */
final class AdminApiBlock {
  private static final String BLOCK = "admin_api";
  private static final String RING = "admin-api";

  private AdminApiBlock() {}

  /** {@code layer} with a ring in place of the block, if there is one. */
  static Layer rewritten(Layer layer) {
    if (!layer.options().has(BLOCK)) {
      return layer;
    }
    JsonPointer root = JsonPointer.empty().appendProperty(BLOCK);
    ObjectNode options = layer.options().deepCopy();
    ObjectNode block = map(layer, root, options.remove(BLOCK), List.of("leader_election"));
    JsonPointer election = root.appendProperty("leader_election");
    ObjectNode settings =
        map(layer, election, block.get("leader_election"), List.of("enabled", "ring"));
    JsonPointer inner = election.appendProperty("ring");
    ObjectNode ring =
        map(layer, inner, settings.get("ring"), List.of("kvstore", "tokens_observe_period"));
    if (enabled(layer, election, settings)) {
      define(layer, options, ring, root, inner);
    }
    return new Layer(options, layer.origins());
  }

  private static void define(
      Layer layer, ObjectNode options, ObjectNode ring, JsonPointer root, JsonPointer inner) {
    JsonPointer target = JsonPointer.empty().appendProperty("rings").appendProperty(RING);
    JsonNode rings = options.path("rings");
    if (rings.has(RING)) {
      throw at(layer, root, "rings.admin-api defines the same ring: keep one of the two");
    }
    layer.origins().copy(root, target);
    layer.origins().copy(inner, target);
    ObjectNode all = rings instanceof ObjectNode named ? named : options.putObject("rings");
    all.set(RING, ConfigMapper.emptyNode().put("num_tokens", 1).setAll(ring));
  }

  private static boolean enabled(Layer layer, JsonPointer election, ObjectNode settings) {
    JsonNode enabled = settings.path("enabled");
    if (!enabled.isMissingNode() && !enabled.isNull() && !enabled.isBoolean()) {
      JsonPointer path = election.appendProperty("enabled");
      throw at(layer, path, "expected true or false, got " + Described.value(enabled));
    }
    return enabled.asBoolean(true);
  }

  private static ObjectNode map(
      Layer layer,
      JsonPointer path,
      @org.jspecify.annotations.Nullable JsonNode node,
      List<String> known) {
    if (node == null || node.isNull()) {
      return ConfigMapper.emptyNode();
    }
    if (!(node instanceof ObjectNode map)) {
      throw at(layer, path, "expected a map, got " + Described.value(node));
    }
    for (String name : map.propertyNames()) {
      if (!known.contains(name)) {
        throw at(layer, path.appendProperty(name), BindFailure.unknown(name, known));
      }
    }
    return map;
  }

  private static ConfigException at(Layer layer, JsonPointer path, String problem) {
    String origin = layer.origins().of(path);
    return new ConfigException(
        (origin.isEmpty() ? "" : origin + ": ") + Described.path(path) + ": " + problem);
  }
}
