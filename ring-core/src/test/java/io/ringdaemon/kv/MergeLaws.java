package io.ringdaemon.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.kv.Mergeable.Merged;
import java.util.List;
import java.util.Optional;

/** The laws every mergeable value must keep; for the tests of each kind of value. */
public final class MergeLaws {
  private MergeLaws() {}

  /** Checks them all on three values. */
  public static <V extends Mergeable<V>> void check(V a, V b, V c) {
    assertThat(a.merge(a).change()).as("merging itself changes nothing").isEmpty();
    assertThat(join(a, b)).as("commutative").isEqualTo(join(b, a));
    assertThat(join(join(a, b), c)).as("associative").isEqualTo(join(a, join(b, c)));
    Merged<V> merged = a.merge(b);
    Optional<V> change = merged.change();
    assertThat(change.map(delta -> join(a, delta)).orElse(a))
        .as("the change alone brings a peer to the same value")
        .isEqualTo(merged.value());
    assertThat(merged.value().merge(b).change()).as("a second time is nothing new").isEmpty();
    V pieced = a;
    for (Mergeable.Piece<V> piece : List.copyOf(b.pieces(100))) {
      pieced = join(pieced, piece.value());
    }
    assertThat(pieced).as("the pieces are the whole").isEqualTo(join(a, b));
  }

  private static <V extends Mergeable<V>> V join(V a, V b) {
    return a.merge(b).value();
  }
}
