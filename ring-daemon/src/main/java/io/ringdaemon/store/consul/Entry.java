package io.ringdaemon.store.consul;

import io.ringdaemon.store.Stored;
import io.ringdaemon.store.consul.ConsulHttp.Answer;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Consul answered about one key.
 *
 * @param session who has locked it; empty: nobody
 * @param index to wait on next
 */
record Entry(Stored stored, String session, long index) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Fails with a {@link io.ringdaemon.store.StoreException} if that is no answer of Consul's. */
  static Entry of(Answer answer) {
    if (answer.index() == 0) {
      throw ConsulFailure.strange("no X-Consul-Index");
    }
    if (!answer.found()) {
      return new Entry(Stored.nothing(answer.index()), "", answer.index());
    }
    JsonNode found = json(answer).path(0);
    long revision = found.path("ModifyIndex").asLong(0);
    if (revision < 1) {
      throw ConsulFailure.strange("no ModifyIndex");
    }
    byte[] value;
    try {
      value = Base64.getDecoder().decode(found.path("Value").asString("")); // null: empty
    } catch (IllegalArgumentException nonsense) {
      throw ConsulFailure.strange("a value that is no base64");
    }
    return new Entry(
        Stored.value(value, revision, revision),
        found.path("Session").asString(""),
        answer.index());
  }

  static JsonNode json(Answer answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JacksonException nonsense) {
      throw ConsulFailure.strange("no JSON");
    }
  }
}
