package io.ringdaemon.ring;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a subring, sorted when first asked for: most subrings are only asked who is in
 * them. Any thread; two that come at once may both sort, to the same result.
 */
final class LazyIndex implements Supplier<TokenIndex> {
  private volatile @Nullable List<Instance> instances;
  private volatile @Nullable TokenIndex index;

  LazyIndex(List<Instance> instances) {
    this.instances = instances;
  }

  @Override
  public TokenIndex get() {
    TokenIndex made = index;
    if (made != null) {
      return made;
    }
    List<Instance> source = instances;
    if (source == null) { // another thread was quicker
      return get();
    }
    made = TokenIndex.of(source);
    index = made;
    instances = null; // sorted: need not keep an old view's instances alive
    return made;
  }
}
