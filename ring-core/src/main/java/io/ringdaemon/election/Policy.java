package io.ringdaemon.election;

import io.ringdaemon.ring.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who should lead, of those that may (design.md section 7). All nodes with one view choose the
 * same. <b>Differs</b> from dskit's "owner of key 0" (reference/ring-semantics.md section 11) for
 * an instance that isn't well, which is passed over, and for one that owns token 0, which is the
 * lowest here.
 */
public enum Policy {
  /** The owner of the lowest token; who comes back with a lower one takes over again. */
  LOWEST_TOKEN {
    @Override
    Optional<Instance> choose(List<Instance> candidates, Optional<String> holder) {
      return candidates.stream()
          .filter(candidate -> !candidate.owned().isEmpty())
          .min(Comparator.comparingLong(candidate -> candidate.owned().at(0)));
    }
  },
  /** Whoever leads already; the owner of the lowest token only when the seat is empty. */
  STICKY_LOWEST_TOKEN {
    @Override
    Optional<Instance> choose(List<Instance> candidates, Optional<String> holder) {
      return candidates.stream()
          .filter(candidate -> holder.equals(Optional.of(candidate.id())))
          .findFirst()
          .or(() -> LOWEST_TOKEN.choose(candidates, holder));
    }
  },
  /** The one registered first, by the ring's time of registration; unknown counts as latest. */
  OLDEST {
    @Override
    Optional<Instance> choose(List<Instance> candidates, Optional<String> holder) {
      return candidates.stream()
          .min(
              Comparator.comparingLong(
                      (Instance one) ->
                          one.desc().registered() <= 0 ? Long.MAX_VALUE : one.desc().registered())
                  .thenComparing(Instance::id));
    }
  };

  /** The choice; {@code holder} is who leads now, as far as known. */
  abstract Optional<Instance> choose(List<Instance> candidates, Optional<String> holder);

  /** As in the configuration and the API: {@code lowest-token}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
