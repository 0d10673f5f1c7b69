package io.ringdaemon.daemon.config;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads YAML into a tree and notes the place of every option, which a tree alone would lose. */
final class YamlSource {
  private static final int MAX_DEPTH = 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String name;
  private final Origins origins = new Origins();

  private YamlSource(String name) {
    this.name = name;
  }

  /** The options in {@code text}; {@code name} is the file's name for messages. */
  static Layer read(String name, String text) {
    return new YamlSource(name).document(text);
  }

  private Layer document(String text) {
    try (JsonParser in = ConfigMapper.YAML.createParser(text)) {
      if (in.nextToken() == null || in.hasToken(JsonToken.VALUE_NULL)) {
        return Layer.empty();
      }
      origins.put(JsonPointer.empty(), place(in.currentTokenLocation()));
      if (!(value(in, JsonPointer.empty(), 0) instanceof ObjectNode options)) {
        throw new ConfigException(
            place(in.currentTokenLocation()) + ": expected options as \"name: value\"");
      }
      if (in.nextToken() != null) {
        throw new ConfigException(
            place(in.currentTokenLocation()) + ": expected one YAML document, found another");
      }
      return new Layer(options, origins);
    } catch (JacksonException notYaml) {
      throw new ConfigException(place(notYaml.getLocation()) + ": not YAML: " + reason(notYaml));
    }
  }

  /** The value of a single option, given outside a file. */
  static JsonNode scalar(String text, String origin) {
    try (JsonParser in = ConfigMapper.YAML.createParser(text)) {
      return in.nextToken() == null
          ? NODES.stringNode("")
          : new YamlSource(origin).value(in, JsonPointer.empty(), 0);
    } catch (JacksonException notYaml) {
      throw new ConfigException(origin + ": the value is not YAML: " + reason(notYaml));
    }
  }

  private JsonNode value(JsonParser in, JsonPointer path, int depth) {
    if (depth > MAX_DEPTH) {
      throw new ConfigException(
          place(in.currentTokenLocation()) + ": nested more than " + MAX_DEPTH + " levels deep");
    }
    if (in instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw new ConfigException(
          place(in.currentTokenLocation())
              + ": expected a value, got a YAML alias: write the value out");
    }
    return switch (in.currentToken()) {
      case START_OBJECT -> object(in, path, depth);
      case START_ARRAY -> array(in, path, depth);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> NODES.stringNode(in.getString());
    };
  }

  private JsonNode object(JsonParser in, JsonPointer path, int depth) {
    ObjectNode node = NODES.objectNode();
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = in.currentName();
      String place = place(in.currentTokenLocation());
      JsonPointer below = path.appendProperty(key);
      if (node.has(key)) {
        throw new ConfigException(place + ": " + Described.path(below) + ": written twice");
      }
      origins.put(below, place);
      in.nextToken();
      node.set(key, value(in, below, depth + 1));
    }
    return node;
  }

  private JsonNode array(JsonParser in, JsonPointer path, int depth) {
    ArrayNode node = NODES.arrayNode();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      JsonPointer below = path.appendIndex(node.size());
      origins.put(below, place(in.currentTokenLocation()));
      node.add(value(in, below, depth + 1));
    }
    return node;
  }

  private static JsonNode number(JsonParser in) {
    boolean whole = in.hasToken(JsonToken.VALUE_NUMBER_INT);
    return whole
        ? NODES.numberNode(in.getBigIntegerValue())
        : NODES.numberNode(in.getDecimalValue());
  }

  private String place(TokenStreamLocation location) {
    boolean known = location != null && location.getLineNr() > 0;
    return known ? name + ":" + location.getLineNr() + ":" + location.getColumnNr() : name;
  }

  private static String reason(JacksonException notYaml) {
    String first = notYaml.getOriginalMessage().lines().findFirst().orElse("");
    String problem =
        notYaml
            .getOriginalMessage()
            .lines()
            .skip(1)
            .filter(line -> !line.startsWith(" "))
            .findFirst()
            .orElse("");
    return problem.isEmpty() || problem.equals(first) ? first : first + ", " + problem;
  }
}
