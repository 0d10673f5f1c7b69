package io.ringdaemon.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ringdaemon.ring.EmptyRing;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.TooFewHealthyInstances;
import io.ringdaemon.token.KeyHash;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Params;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom to ask about a key, or about many. */
final class OwnersApi {
  private static final int MOST_KEYS = 10_000;
  private static final int LONGEST_KEY = 4096;

  private record Owners(
      String ring,
      @Nullable String key,
      long token,
      String operation,
      List<OwnerJson> instances,
      int minSuccess,
      int maxErrors,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Failure error) {}

  /** Why a key among many has no owners. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Failure(
      String type,
      String detail,
      @Nullable Integer needed,
      @Nullable Integer found,
      @Nullable List<String> unhealthy) {}

  private record Many(@Nullable List<@Nullable String> keys, @Nullable String operation) {}

  private record Results(List<Owners> results) {}

  private final RingPoll rings;

  OwnersApi(RingPoll rings) {
    this.rings = rings;
  }

  Response one(Request request) {
    Ring ring = rings.view(request);
    Params query = request.query();
    if (query.has("key") == query.has("token")) {
      throw HttpProblem.badRequest("give either key, a text, or token, a point on the circle");
    }
    String key = query.first("key").orElse(null);
    int point = key == null ? Numbers.token(query.text("token")) : KeyHash.of(checked(key));
    Operation operation = operation(query.first("operation").orElse("write"));
    try {
      return Json.response(200, found(ring, key, point, operation));
    } catch (EmptyRing e) {
      throw new HttpProblem(503, String.valueOf(e.getMessage())).ofType("empty-ring");
    } catch (TooFewHealthyInstances e) {
      throw new HttpProblem(503, String.valueOf(e.getMessage()))
          .ofType("too-few-healthy-instances")
          .with("needed", e.needed())
          .with("found", e.found())
          .with("unhealthy", e.unhealthy());
    }
  }

  Response many(Request request) {
    Ring ring = rings.view(request);
    Many many = Json.read(request.body(), Many.class);
    List<@Nullable String> keys = many.keys();
    if (keys == null || keys.size() > MOST_KEYS) {
      throw HttpProblem.badRequest("keys is a list of at most " + MOST_KEYS + " texts");
    }
    Operation operation = operation(many.operation() == null ? "write" : many.operation());
    List<Owners> results = new ArrayList<>(keys.size());
    for (String key : keys) {
      if (key == null) {
        throw HttpProblem.badRequest("a key is a text, not null");
      }
      results.add(foundOrNot(ring, checked(key), operation));
    }
    return Json.response(200, new Results(results));
  }

  private static Owners found(Ring ring, @Nullable String key, int point, Operation operation) {
    ReplicationSet set = ring.owners(point, operation);
    return new Owners(
        ring.name(),
        key,
        Integer.toUnsignedLong(point),
        operation.name(),
        set.instances().stream().map(OwnerJson::of).toList(),
        set.minSuccess(),
        set.maxErrors(),
        null);
  }

  private static Owners foundOrNot(Ring ring, String key, Operation operation) {
    int point = KeyHash.of(key);
    try {
      return found(ring, key, point, operation);
    } catch (EmptyRing e) {
      return failed(
          ring,
          key,
          operation,
          new Failure("/problems/empty-ring", String.valueOf(e.getMessage()), null, null, null));
    } catch (TooFewHealthyInstances e) {
      return failed(
          ring,
          key,
          operation,
          new Failure(
              "/problems/too-few-healthy-instances",
              String.valueOf(e.getMessage()),
              e.needed(),
              e.found(),
              e.unhealthy()));
    }
  }

  private static Owners failed(Ring ring, String key, Operation operation, Failure failure) {
    long token = Integer.toUnsignedLong(KeyHash.of(key));
    return new Owners(ring.name(), key, token, operation.name(), List.of(), 0, 0, failure);
  }

  private static String checked(String key) {
    if (key.length() > LONGEST_KEY) {
      throw HttpProblem.badRequest("a key has at most " + LONGEST_KEY + " characters");
    }
    return key;
  }

  private static Operation operation(String name) {
    return Operation.named(name)
        .orElseThrow(
            () ->
                HttpProblem.badRequest(
                    "operation is one of read, write, write-no-extend, reporting, not " + name));
  }
}
