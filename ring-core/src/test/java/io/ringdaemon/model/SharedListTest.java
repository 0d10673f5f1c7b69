package io.ringdaemon.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedListTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 255, 256, 257, 1_000, 5_000})
  void aCopyWithElementsReplacedIsAPlainListsAndTellsWhatDiffers(int size) {
    SplittableRandom chance = new SplittableRandom(size);
    List<Integer> plain = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    SharedList<Integer> before = SharedList.of(plain);
    assertThat(before).isEqualTo(plain);
    SharedList<Integer> after = before;
    for (int i = 0; i < Math.min(size, 20); i++) {
      int at = chance.nextInt(size);
      plain.set(at, -i - 1);
      after = after.with(at, -i - 1);
    }
    assertThat(after).isEqualTo(plain);
    List<Integer> others = IntStream.range(0, size).filter(i -> plain.get(i) != i).boxed().toList();
    int[] places = others.stream().mapToInt(i -> i).toArray();
    assertThat(after.differing(before)).isEqualTo(places);
    for (int place : places) {
      after = after.with(place, place);
    }
    assertThat(after).isEqualTo(before);
  }
}
