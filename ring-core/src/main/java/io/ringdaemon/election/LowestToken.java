package io.ringdaemon.election;

import io.ringdaemon.ring.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who should lead: the owner of the lowest token among the candidates. <b>Differs</b> from dskit's
 * "owner of key 0" (reference/ring-semantics.md section 11) for an instance that isn't well, which
 * is passed over, and for one that owns token 0, which is the lowest here.
 */
final class LowestToken {
  static final String NAME = "lowest-token";

  private LowestToken() {}

  static Optional<Instance> choose(List<Instance> candidates) {
    return candidates.stream()
        .filter(candidate -> !candidate.owned().isEmpty())
        .min(Comparator.comparingLong(candidate -> candidate.owned().at(0)));
  }
}
