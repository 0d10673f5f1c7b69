package io.ringdaemon.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdaemon.vectors.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Owners of keys as dskit's default strategy finds them. */
class ReplicaSetVectorsTest {
  static Stream<Vectors.Case> cases() {
    return Vectors.cases("replica-sets.txt", "ring").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ownersOfAKeyAreThoseOfDskit(Vectors.Case rings) {
    Ring ring = rings.ring();
    for (Vectors.Line line : rings.about("owners")) {
      int key = Integer.parseUnsignedInt(line.word(0));
      List<String> found = new ArrayList<>();
      try {
        ReplicationSet set = ring.owners(key, Vectors.operation(line.word(1)));
        set.instances().forEach(instance -> found.add(instance.id()));
        assertThat(line.failed()).as("%s, found %s", line, found).isFalse();
        assertThat(found).as("%s", line).isEqualTo(Vectors.list(line.answer().get(0)));
        assertThat(set.maxErrors()).as("%s", line).hasToString(line.answer().get(1));
      } catch (TooFewHealthyInstances | EmptyRing e) {
        if (!line.failed()) {
          fail(line.toString(), e);
        }
      }
    }
  }
}
