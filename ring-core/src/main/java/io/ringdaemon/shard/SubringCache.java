package io.ringdaemon.shard;

import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the shards of one ring (reference/ring-semantics.md 5.8). Callers hand in the view they
 * hold; what is remembered is whose members a shard has, until a view comes whose instances, zones,
 * tokens, entry times or read-only flags are others. A view that differs in heartbeats, states or
 * health alone costs each shard a new subring with fresh instances, over the same sorted tokens.
 *
 * <p>A shard with lookback is remembered with the start of the window it was made for, and good for
 * later ones up to the earliest change of a member within that window. It is replaced only by one
 * made for a later window.
 *
 * <p><b>Differs</b> from dskit, which refreshes a subring in place under those who hold it (W17
 * there): a subring handed out never changes.
 *
 * <p><b>Threading:</b> any thread; a hit takes no lock. <b>Time:</b> passed in. <b>Bounds:</b> the
 * tokens of all remembered shards together, at most {@code maxTokens}, some 20 bytes each once a
 * shard has been asked for owners; and as many shards. The one longest unused goes first, nearly: a
 * shard used since it was last looked at gets a second chance.
 */
public final class SubringCache {
  private final long maxTokens;
  private volatile @Nullable Generation generation;

  /**
   * @param maxTokens how many tokens the remembered shards may have together; 0 remembers none
   */
  public SubringCache(long maxTokens) {
    if (maxTokens < 0) {
      throw new IllegalArgumentException("maxTokens must be 0 or more, not " + maxTokens);
    }
    this.maxTokens = maxTokens;
  }

  /** As {@link ShuffleShard#pick(String, int)} on {@code ring}. */
  public Ring shard(Ring ring, String identifier, int size) {
    return shard(ring, new Name(identifier, size, Duration.ZERO), 0);
  }

  /** As {@link ShuffleShard#pick(String, int, Lookback)} on {@code ring}. */
  public Ring shard(Ring ring, String identifier, int size, Lookback lookback) {
    return shard(ring, new Name(identifier, size, lookback.period()), lookback.since());
  }

  /** Drops the shards of {@code identifier}. */
  public void forget(String identifier) {
    Generation current = generation;
    if (current != null) {
      current.forget(identifier);
    }
  }

  /** How many shards are remembered. */
  public int size() {
    Generation current = generation;
    return current == null ? 0 : current.shards.size();
  }

  private Ring shard(Ring ring, Name name, long since) {
    Generation current = generationFor(ring);
    Shard held = current.shards.get(name);
    if (held != null && held.validFor(since)) {
      return held.of(ring);
    }
    Optional<int[]> members =
        name.lookback()
            ? current.shuffle.members(name.identifier, name.size, since)
            : current.shuffle.members(name.identifier, name.size);
    if (members.isEmpty()) {
      return ring;
    }
    long until =
        name.lookback() ? current.shuffle.validUntil(members.get(), since) : Long.MAX_VALUE;
    Shard made = new Shard(members.get(), since, until, ring);
    current.keep(name, made);
    return made.of(ring);
  }

  /** What is known of the topology of {@code ring}; of the last one that was asked about. */
  private Generation generationFor(Ring ring) {
    Generation current = generation;
    if (current != null) {
      if (current.lastSeen == ring) {
        return current;
      }
      if (ShuffleShard.sameTopology(current.lastSeen, ring)) {
        current.lastSeen = ring;
        return current;
      }
    }
    Generation next = new Generation(ring, maxTokens);
    generation = next;
    return next;
  }

  /** A key: what was asked for. A period of 0 stands for no lookback. */
  private record Name(String identifier, int size, Duration period) {
    boolean lookback() {
      return !period.isZero();
    }
  }

  /** A shard's members, and how they look in the view that was asked about last. */
  private static final class Shard {
    private final int[] members;
    private final long since;
    private final long until;
    private final int weight;
    private volatile boolean used;
    private volatile View view;

    private record View(Ring parent, Ring subring) {}

    Shard(int[] members, long since, long until, Ring parent) {
      this.members = members;
      this.since = since;
      this.until = until;
      this.view = new View(parent, parent.subring(members));
      int tokens = 1;
      for (int member : members) {
        tokens += parent.instances().get(member).owned().size();
      }
      this.weight = tokens;
    }

    boolean validFor(long window) {
      return since <= window && window <= until;
    }

    Ring of(Ring parent) {
      if (!used) {
        used = true;
      }
      View current = view;
      if (current.parent == parent) {
        return current.subring;
      }
      Ring fresh = parent.subring(members, current.subring);
      view = new View(parent, fresh);
      return fresh;
    }
  }

  /** The shards of one topology. */
  private static final class Generation {
    private final ShuffleShard shuffle;
    private final long maxTokens;
    private final Map<Name, Shard> shards = new ConcurrentHashMap<>();
    private final ArrayDeque<Name> queue = new ArrayDeque<>(); // guarded by this, as are writes
    private long tokens;
    private volatile Ring lastSeen;

    Generation(Ring ring, long maxTokens) {
      this.shuffle = ShuffleShard.of(ring);
      this.maxTokens = maxTokens;
      this.lastSeen = ring;
    }

    synchronized void keep(Name name, Shard made) {
      Shard held = shards.get(name);
      if (held != null && held.since >= made.since) {
        return;
      }
      if (made.weight > maxTokens) {
        return;
      }
      if (held == null) {
        queue.add(name);
      } else {
        tokens -= held.weight;
      }
      shards.put(name, made);
      tokens += made.weight;
      evict(name);
    }

    private void evict(Name justKept) {
      int chances = queue.size(); // readers may go on using them all meanwhile
      while (tokens > maxTokens) {
        Name oldest = queue.remove();
        Shard shard = shards.get(oldest);
        if (shard == null) {
          continue;
        }
        if (oldest.equals(justKept) || (shard.used && chances-- > 0)) {
          shard.used = false;
          queue.add(oldest);
        } else {
          shards.remove(oldest);
          tokens -= shard.weight;
        }
      }
    }

    synchronized void forget(String identifier) {
      queue.removeIf(
          name -> {
            if (!name.identifier.equals(identifier)) {
              return false;
            }
            Shard shard = shards.remove(name);
            tokens -= shard == null ? 0 : shard.weight;
            return true;
          });
    }
  }
}
