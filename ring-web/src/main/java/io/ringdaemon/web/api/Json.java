package io.ringdaemon.web.api;

import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Records to JSON and back. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static JsonNode tree(String text) {
    return MAPPER.readTree(text);
  }

  static Response response(int status, Object value) {
    return Response.json(status, write(value) + "\n");
  }

  /** A body as {@code shape}; 400 when it isn't. */
  static <T> T read(String body, Class<T> shape) {
    try {
      T value = MAPPER.readValue(body, shape);
      if (value == null) {
        throw HttpProblem.badRequest("the body is null; it must be a JSON object");
      }
      return value;
    } catch (JacksonException e) {
      throw HttpProblem.badRequest("the body is not the JSON expected: " + e.getOriginalMessage());
    }
  }

  /** RFC 3339 in UTC, to the millisecond. */
  static String time(Instant moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
