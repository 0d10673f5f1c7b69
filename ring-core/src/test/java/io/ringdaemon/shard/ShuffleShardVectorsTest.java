package io.ringdaemon.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.vectors.Vectors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shards as dskit picks them. */
class ShuffleShardVectorsTest {
  static Stream<Vectors.Case> cases() {
    return Stream.concat(
        Vectors.cases("shuffle-shards.txt", "ring").stream(),
        Vectors.cases("large-shuffle-shards.txt", "ring").stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shardsAreThoseOfDskit(Vectors.Case rings) {
    Ring ring = rings.ring();
    ShuffleShard shuffle = ShuffleShard.of(ring);
    SubringCache cache = new SubringCache(1_000_000);
    for (Vectors.Line line : rings.about("shard", "lookback")) {
      String identifier = line.word(0);
      int size = line.number(1);
      Ring shard;
      Ring cached;
      if (line.about().equals("shard")) {
        shard = shuffle.pick(identifier, size);
        cached = cache.shard(ring, identifier, size);
      } else {
        Lookback lookback =
            new Lookback(
                Duration.ofSeconds(line.number(2)),
                Instant.ofEpochMilli(Long.parseLong(line.word(3))));
        shard = shuffle.pick(identifier, size, lookback);
        cached = cache.shard(ring, identifier, size, lookback);
      }
      List<String> expected = Vectors.list(line.answer().get(0));
      assertThat(shard.instances()).as("%s", line).extracting(Instance::id).isEqualTo(expected);
      assertThat(cached.instances()).as("%s", line).isEqualTo(shard.instances());
    }
  }
}
