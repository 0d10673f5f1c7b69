package io.ringdaemon.ring;

import io.ringdaemon.model.SortedTokens;
import io.ringdaemon.token.Tokens;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All owned tokens of a ring in unsigned order, where to begin to look for a key, and whose they
 * are: in a ring of up to 65,534 instances with at most three replicas the first three owners of
 * each ({@link OwnerSets}), otherwise the first.
 *
 * <p><b>Threading:</b> immutable; shared by all views between two changes of tokens. <b>Bounds:</b>
 * 14 bytes a token at 512,000, 16 at 128,000.
 */
final class TokenIndex {
  private static final int MOST_PACKED = OwnerSets.NOBODY - 1;
  private static final int AT_ONCE = 4; // tokens compared without a branch
  private static final int LONGEST_SCAN = 8;

  private final Roster roster;
  private final boolean packing;
  private final int size;
  private final int[] flipped; // sign bit flipped: signed order is the unsigned one; padded
  private final int shift;
  private final int[] starts; // of each value of a key's top bits: index of the first such token
  private final long @Nullable [] sets; // one more than tokens
  private final int[] owners; // where there are no sets; one more than tokens

  private TokenIndex(
      Roster roster,
      boolean packing,
      int size,
      int[] flipped,
      int[] starts,
      long @Nullable [] sets,
      int[] owners) {
    this.roster = roster;
    this.packing = packing;
    this.size = size;
    this.flipped = flipped;
    this.shift = Integer.SIZE - bits(size);
    this.starts = starts;
    this.sets = sets;
    this.owners = owners;
  }

  /**
   * @param packing whether three owners are all that will be asked for
   */
  static TokenIndex of(SortedTokens tokens, Roster roster, boolean packing) {
    int size = tokens.size();
    int[] flipped = padded(size);
    for (int i = 0; i < size; i++) {
      flipped[i] = tokens.token32(i) ^ Integer.MIN_VALUE;
    }
    int[] starts = starts(flipped, size);
    if (!packing || roster.size() > MOST_PACKED || size == 0) {
      int[] owners = new int[size + 1];
      for (int i = 0; i < size; i++) {
        owners[i] = tokens.owner(i);
      }
      owners[size] = owners[0];
      return new TokenIndex(roster, packing, size, flipped, starts, null, owners);
    }
    long[] sets = new long[size + 1];
    for (int i = 0; i < size; i++) {
      sets[i] = tokens.owner(i);
    }
    OwnerSets.fill(sets, roster);
    return new TokenIndex(roster, packing, size, flipped, starts, sets, new int[0]);
  }

  /** About one token a bucket, in a table of at most 1 MiB: a larger one leaves the L2 cache. */
  private static int bits(int size) {
    return Math.max(8, Math.min(18, Integer.SIZE - Integer.numberOfLeadingZeros(size - 1)));
  }

  private static int[] padded(int size) {
    int[] flipped = new int[size + AT_ONCE];
    Arrays.fill(flipped, size, flipped.length, Integer.MAX_VALUE);
    return flipped;
  }

  private static int[] starts(int[] flipped, int size) {
    int bits = bits(size);
    int[] starts = new int[(1 << bits) + 1];
    int filled = 0;
    for (int i = 0; i < size; i++) {
      int bucket = (flipped[i] ^ Integer.MIN_VALUE) >>> (Integer.SIZE - bits);
      while (filled <= bucket) {
        starts[filled++] = i;
      }
    }
    Arrays.fill(starts, filled, starts.length, size);
    return starts;
  }

  int size() {
    return size;
  }

  /** Ordinal of the instance that owns the token at {@code index}; the size means 0. */
  int ordinal(int index) {
    return sets == null ? owners[index] : (int) sets[index] & OwnerSets.NOBODY;
  }

  /** The owner sets, index of the token by index, one more than tokens; null if there are none. */
  long @Nullable [] sets() {
    return sets;
  }

  /**
   * Index of the first token strictly greater than {@code key}: the one that owns it. The size, if
   * there is none: then that is the first of all.
   */
  int above(int key) {
    int bucket = key >>> shift;
    int at = starts[bucket];
    long flip = key ^ Integer.MIN_VALUE;
    // Minus one for each token above the key. Whether there is one is anybody's guess: no branch.
    int passed =
        AT_ONCE
            + (int) ((flip - flipped[at]) >> 63)
            + (int) ((flip - flipped[at + 1]) >> 63)
            + (int) ((flip - flipped[at + 2]) >> 63)
            + (int) ((flip - flipped[at + 3]) >> 63);
    return passed < AT_ONCE ? at + passed : further((int) flip, at, starts[bucket + 1]);
  }

  private int further(int flip, int from, int end) {
    int at = Math.min(from + AT_ONCE, end);
    if (end - at > LONGEST_SCAN) {
      return aboveWithin(flip, at, end);
    }
    while (at < end && flipped[at] <= flip) {
      at++;
    }
    return at;
  }

  /** Where tokens crowd, by halving: bounds the search in rings of any shape. */
  private int aboveWithin(int flip, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (flipped[middle] <= flip) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** {@link #above}, but 0 past the end. */
  int successor(int key) {
    int above = above(key);
    return above == size ? 0 : above;
  }

  /** Whether {@code token}, a raw 32-bit pattern, is one of the ring's. */
  boolean contains(int token) {
    int above = above(token);
    return above > 0 && flipped[above - 1] == (token ^ Integer.MIN_VALUE);
  }

  /** The token at {@code index}, 0..2^32-1. */
  long token(int index) {
    return (flipped[index] ^ Integer.MIN_VALUE) & 0xFFFF_FFFFL;
  }

  /**
   * This after an instance's tokens became others, none of which is anybody else's. Copies the runs
   * between them; sets are worked out again only where they change.
   */
  TokenIndex with(int ordinal, Tokens before, Tokens after) {
    TokenChange change = TokenChange.between(before, after);
    int length = size + after.size() - before.size();
    if (length == 0 || size == 0) {
      return length == size ? this : rebuilt(ordinal, after);
    }
    int[] merged = padded(length);
    long[] mergedSets = sets == null ? null : new long[length + 1];
    int[] mergedOwners = sets == null ? new int[length + 1] : owners;
    int[] places = new int[change.count()];
    int from = 0;
    int to = 0;
    for (int i = 0; i < change.count(); i++) {
      int token = change.token(i);
      int until = above(token) - (change.added(i) ? 0 : 1);
      to += copy(from, until, merged, mergedSets, mergedOwners, to);
      places[i] = to;
      if (change.added(i)) {
        merged[to] = token ^ Integer.MIN_VALUE;
        if (mergedSets == null) {
          mergedOwners[to] = ordinal;
        } else {
          mergedSets[to] = ordinal;
        }
        to++;
        from = until;
      } else {
        from = until + 1;
      }
    }
    copy(from, size, merged, mergedSets, mergedOwners, to);
    if (mergedSets == null) {
      mergedOwners[length] = mergedOwners[0];
    } else {
      OwnerSets.mend(mergedSets, places, change.added(), roster);
    }
    int[] moved = bits(length) == Integer.SIZE - shift ? moved(change) : starts(merged, length);
    return new TokenIndex(roster, packing, length, merged, moved, mergedSets, mergedOwners);
  }

  private TokenIndex rebuilt(int ordinal, Tokens only) {
    Tokens[] claims = new Tokens[roster.size()];
    Arrays.fill(claims, Tokens.NONE);
    claims[ordinal] = only;
    return of(SortedTokens.of(claims, new boolean[claims.length]), roster, packing);
  }

  private int copy(
      int from, int until, int[] toTokens, long @Nullable [] toSets, int[] toOwners, int to) {
    int length = until - from;
    System.arraycopy(flipped, from, toTokens, to, length);
    if (sets != null && toSets != null) {
      System.arraycopy(sets, from, toSets, to, length);
    } else {
      System.arraycopy(owners, from, toOwners, to, length);
    }
    return length;
  }

  private int[] moved(TokenChange change) {
    int[] moved = new int[starts.length];
    int filled = 0;
    int by = 0;
    for (int i = 0; i < change.count(); i++) {
      int bucket = change.token(i) >>> shift;
      for (; filled <= bucket; filled++) {
        moved[filled] = starts[filled] + by;
      }
      by += change.added(i) ? 1 : -1;
    }
    for (; filled < moved.length; filled++) {
      moved[filled] = starts[filled] + by;
    }
    return moved;
  }

  /** How many of the 2^32 keys each instance owns; the whole circle if it has the only token. */
  long[] owned() {
    long[] owned = new long[roster.size()];
    int before = size == 0 ? 0 : flipped[size - 1];
    for (int i = 0; i < size; i++) {
      owned[ordinal(i)] += (flipped[i] - before) & 0xFFFF_FFFFL;
      before = flipped[i];
    }
    if (size == 1) {
      owned[ordinal(0)] = 1L << 32;
    }
    return owned;
  }

  /** The same if each zone were a ring of its own. */
  long[] ownedInZone() {
    long[] owned = new long[roster.size()];
    int[] before = new int[roster.zones().size() + 1];
    int[] first = new int[before.length];
    int[] firstOwner = new int[before.length];
    Arrays.fill(firstOwner, -1);
    for (int i = 0; i < size; i++) {
      int ordinal = ordinal(i);
      int zone = roster.zoneOf(ordinal) + 1;
      if (firstOwner[zone] < 0) {
        firstOwner[zone] = ordinal;
        first[zone] = flipped[i];
      } else {
        owned[ordinal] += (flipped[i] - before[zone]) & 0xFFFF_FFFFL;
      }
      before[zone] = flipped[i];
    }
    for (int zone = 0; zone < first.length; zone++) {
      if (firstOwner[zone] >= 0) {
        long distance = (first[zone] - before[zone]) & 0xFFFF_FFFFL;
        owned[firstOwner[zone]] += distance == 0 ? 1L << 32 : distance;
      }
    }
    return owned;
  }
}
