package io.ringdaemon.model;

import io.ringdaemon.token.Tokens;
import java.util.Collection;
import java.util.List;
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
    TreeMap<String, InstanceDesc> instances = new TreeMap<>();
    for (InstanceDesc entry : entries) {
      if (!entry.isTombstone()) {
        instances.put(entry.id(), entry);
      }
    }
    SortedTokens sorted = resolve(List.copyOf(instances.values()));
    Map<String, Tokens> owned = new TreeMap<>();
    int ordinal = 0;
    for (String id : instances.keySet()) {
      owned.put(id, sorted.ownedBy(ordinal++));
    }
    return owned;
  }

  /** The same for instances in the order of their ids, known by their place there. */
  public static SortedTokens resolve(List<InstanceDesc> instances) {
    Tokens[] claims = new Tokens[instances.size()];
    boolean[] yields = new boolean[instances.size()];
    for (int i = 0; i < claims.length; i++) {
      claims[i] = instances.get(i).tokens();
      yields[i] = instances.get(i).state() == InstanceState.LEAVING;
    }
    return SortedTokens.of(claims, yields);
  }
}
