package io.ringdaemon.model;

import io.ringdaemon.token.Tokens;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who owns a token that several claim: an instance that is not LEAVING beats one that is; then the
 * smaller id (reference/ring-semantics.md 3.1). Worked out from the claims whenever a view is made,
 * never stored, so every node comes to the same result whatever the order of messages.
 */
public final class TokenConflicts {
  private TokenConflicts() {}

  /** Owned tokens of each instance, by id. Tombstones claim nothing and are left out. */
  public static Map<String, Tokens> owned(Collection<InstanceDesc> entries) {
    Map<Integer, InstanceDesc> claimants = new HashMap<>();
    Map<Integer, String> contested = new HashMap<>();
    for (InstanceDesc entry : entries) {
      if (!entry.isTombstone()) {
        entry
            .tokens()
            .ints()
            .forEach(
                token -> {
                  InstanceDesc rival = claimants.putIfAbsent(token, entry);
                  if (rival != null) {
                    InstanceDesc winner = winner(rival, entry);
                    claimants.put(token, winner);
                    contested.put(token, winner.id());
                  }
                });
      }
    }
    Map<String, Tokens> owned = new TreeMap<>();
    for (InstanceDesc entry : entries) {
      if (!entry.isTombstone()) {
        owned.put(
            entry.id(),
            contested.isEmpty()
                ? entry.tokens()
                : entry
                    .tokens()
                    .filter(token -> contested.getOrDefault(token, entry.id()).equals(entry.id())));
      }
    }
    return owned;
  }

  private static InstanceDesc winner(InstanceDesc a, InstanceDesc b) {
    boolean aLeaving = a.state() == InstanceState.LEAVING;
    boolean bLeaving = b.state() == InstanceState.LEAVING;
    if (aLeaving != bLeaving) {
      return aLeaving ? b : a;
    }
    return a.id().compareTo(b.id()) <= 0 ? a : b;
  }
}
