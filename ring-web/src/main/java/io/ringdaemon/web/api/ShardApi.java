package io.ringdaemon.web.api;

import io.ringdaemon.ring.NoTokenRanges;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.shard.Lookback;
import io.ringdaemon.shard.ShuffleShard;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Params;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.util.List;

/** Parts of a ring: a tenant's shard, an instance's keys. */
final class ShardApi {
  private static final int LONGEST_IDENTIFIER = 4096;

  private record Shard(String ring, String identifier, int size, List<OwnerJson> instances) {}

  private record Ranges(String ring, String id, List<List<Long>> ranges) {}

  private final Service service;
  private final RingPoll rings;

  ShardApi(Service service, RingPoll rings) {
    this.service = service;
    this.rings = rings;
  }

  /** The instances that serve {@code ?identifier=}; with {@code &lookback=12h} also former ones. */
  Response shuffleShard(Request request) {
    Ring ring = rings.view(request);
    Params query = request.query();
    String identifier = query.text("identifier");
    if (identifier.isEmpty() || identifier.length() > LONGEST_IDENTIFIER) {
      throw HttpProblem.badRequest(
          "identifier is a text of 1 to %d characters: whose shard it is"
              .formatted(LONGEST_IDENTIFIER));
    }
    int size = Numbers.size(query.text("size"));
    ShuffleShard shards = ShuffleShard.of(ring);
    Ring shard =
        query
            .first("lookback")
            .map(Numbers::lookback)
            .map(period -> new Lookback(period, service.node().now()))
            .map(lookback -> shards.pick(identifier, size, lookback))
            .orElseGet(() -> shards.pick(identifier, size));
    return Json.response(
        200,
        new Shard(
            ring.name(), identifier, size, shard.instances().stream().map(OwnerJson::of).toList()));
  }

  /** The keys of which an instance is a replica, as inclusive ranges. */
  Response tokenRanges(Request request) {
    Ring ring = rings.view(request);
    String id = request.pathParam("id");
    if (!ring.hasInstance(id)) {
      throw RingApi.unknown(ring.name(), id);
    }
    try {
      return Json.response(
          200,
          new Ranges(
              ring.name(),
              id,
              ring.tokenRanges(id).ranges().stream()
                  .map(range -> List.of(range.start(), range.end()))
                  .toList()));
    } catch (NoTokenRanges e) {
      throw new HttpProblem(409, String.valueOf(e.getMessage())).ofType("no-token-ranges");
    }
  }
}
