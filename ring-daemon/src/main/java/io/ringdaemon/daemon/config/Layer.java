package io.ringdaemon.daemon.config;

import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Options from one source, and where in it each was written. */
record Layer(ObjectNode options, Origins origins) {

  static Layer empty() {
    return new Layer(ConfigMapper.emptyNode(), new Origins());
  }

  /** A layer with a single option. */
  static Layer of(List<String> path, JsonNode value, String origin) {
    Layer layer = empty();
    ObjectNode at = layer.options;
    JsonPointer pointer = JsonPointer.empty();
    for (String name : path.subList(0, path.size() - 1)) {
      at = at.putObject(name);
      pointer = pointer.appendProperty(name);
    }
    String last = path.get(path.size() - 1);
    at.set(last, value);
    layer.origins.put(pointer.appendProperty(last), origin);
    return layer;
  }
}
