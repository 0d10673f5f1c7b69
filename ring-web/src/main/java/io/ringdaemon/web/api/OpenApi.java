package io.ringdaemon.web.api;

import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import io.ringdaemon.web.page.ApiPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The document of the API, OpenAPI 3.1: {@code openapi.json} beside this class, with the release
 * put in. A test holds it against the routes and their real answers.
 */
final class OpenApi {
  private static final String SCHEMAS = "#/components/schemas/";

  private final Service service;
  private final String text;
  private final String tag;
  private final JsonNode document;

  OpenApi(Service service) {
    this.service = service;
    this.text = read().replace("\"RELEASE\"", Json.write(service.node().release()));
    this.tag = "\"%08x\"".formatted(text.hashCode());
    this.document = Json.tree(text);
  }

  Response json(Request request) {
    return Response.json(200, text).with("ETag", tag);
  }

  Response page(Request request) {
    List<ApiPage.Section> sections = new ArrayList<>();
    for (JsonNode tag : document.path("tags")) {
      sections.add(section(tag));
    }
    List<ApiPage.Shape> shapes = new ArrayList<>();
    document
        .at("/components/schemas")
        .forEachEntry(
            (name, schema) ->
                shapes.add(new ApiPage.Shape(name, word(schema, "description"), fields(schema))));
    return Response.html(
        200,
        ApiPage.render(service, document.at("/info/description").asString(""), sections, shapes));
  }

  private ApiPage.Section section(JsonNode tag) {
    List<ApiPage.Operation> operations = new ArrayList<>();
    document
        .path("paths")
        .forEachEntry(
            (path, methods) ->
                methods.forEachEntry(
                    (method, operation) -> {
                      if (operation.at("/tags/0").equals(tag.path("name"))) {
                        operations.add(operation(method, path, operation));
                      }
                    }));
    return new ApiPage.Section(word(tag, "name"), word(tag, "description"), operations);
  }

  private ApiPage.Operation operation(String method, String path, JsonNode operation) {
    List<ApiPage.Field> params = new ArrayList<>();
    operation
        .path("parameters")
        .forEach(
            given -> {
              JsonNode param = resolved(given);
              params.add(
                  new ApiPage.Field(
                      word(param, "name"),
                      kind(param.path("schema")),
                      param.path("required").asBoolean(false),
                      word(param, "description")));
            });
    List<ApiPage.Kind> body = kinds(operation.at("/requestBody/content"));
    List<ApiPage.Answer> answers = new ArrayList<>();
    operation
        .path("responses")
        .forEachEntry(
            (status, given) -> {
              JsonNode answer = resolved(given);
              answers.add(
                  new ApiPage.Answer(
                      status.equals("default") ? "others" : status,
                      word(answer, "description"),
                      kinds(answer.path("content"))));
            });
    return new ApiPage.Operation(
        word(operation, "operationId"),
        method.toUpperCase(Locale.ROOT),
        path,
        word(operation, "summary"),
        word(operation, "description"),
        role(operation),
        params,
        body.isEmpty() ? new ApiPage.Kind("", "") : body.get(0),
        answers);
  }

  private static String role(JsonNode operation) {
    return switch (word(operation, "x-role")) {
      case "open" -> "anybody";
      case "operator" -> "operators";
      default -> "readers";
    };
  }

  private static List<ApiPage.Kind> kinds(JsonNode content) {
    List<ApiPage.Kind> kinds = new ArrayList<>();
    content.forEachEntry(
        (media, one) -> {
          ApiPage.Kind kind = kind(one.path("schema"));
          kinds.add(kind.shape().isEmpty() ? new ApiPage.Kind(media, "") : kind);
        });
    return kinds;
  }

  private static List<ApiPage.Field> fields(JsonNode schema) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asString("")));
    List<ApiPage.Field> fields = new ArrayList<>();
    schema
        .path("properties")
        .forEachEntry(
            (name, type) ->
                fields.add(
                    new ApiPage.Field(
                        name, kind(type), required.contains(name), word(type, "description"))));
    return fields;
  }

  /** In words: {@code list of Owner}, linked to that shape. */
  private static ApiPage.Kind kind(JsonNode schema) {
    String ref = word(schema, "$ref");
    if (ref.startsWith(SCHEMAS)) {
      String name = ref.substring(SCHEMAS.length());
      return new ApiPage.Kind(name, name);
    }
    if (schema.has("items")) {
      ApiPage.Kind inner = kind(schema.path("items"));
      return new ApiPage.Kind("list of " + inner.text(), inner.shape());
    }
    if (schema.has("oneOf")) {
      ApiPage.Kind last = kind(schema.path("oneOf").path(1));
      return new ApiPage.Kind(last.text() + " or null", last.shape());
    }
    List<String> words = new ArrayList<>();
    JsonNode values = schema.has("enum") ? schema.path("enum") : schema.path("type");
    if (values.isArray()) {
      values.forEach(value -> words.add(value.asString("null")));
    } else {
      words.add(schema.has("const") ? word(schema, "const") : values.asString(""));
    }
    return new ApiPage.Kind(String.join(" or ", words), "");
  }

  private JsonNode resolved(JsonNode node) {
    String ref = word(node, "$ref");
    return ref.startsWith("#") ? document.at(ref.substring(1)) : node;
  }

  private static String word(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  private static String read() {
    try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks openapi.json");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
