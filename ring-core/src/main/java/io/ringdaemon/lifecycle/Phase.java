package io.ringdaemon.lifecycle;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.token.Tokens;

/**
 * Where an instance stands; each phase offers only its legal next steps.
 *
 * <pre>
 *   Pending ──first contact, or alone long enough; has its tokens, or may draw them──▶ Joining
 *      │ ▲                                                                              │   ▲ ▲
 *      │ │  lacks tokens, must wait                                                     │   └─┘ conflict: lost
 *      │ │      └──▶ Waiting ──its delay is over, its gate open or timed out──▶ Joining │       tokens replaced
 *      │ │                                                                              │
 *      │ │                                      a period without a change of its tokens ▼
 *      │ └── an older life of the name, or of the id, is alive ◀── (any but Leaving)   Active
 *      ▼                                                                                │
 *    Left ◀── entry removed, or kept ── Leaving ◀── leave (from Waiting, Joining too) ──┘
 * </pre>
 */
public sealed interface Phase {
  /** The state its entry shows, or would show. */
  InstanceState state();

  /** Tokens it claims; none before it has registered. */
  Tokens claimed();

  /** Whether its entry is in the ring, as far as this instance knows. */
  default boolean inRing() {
    return true;
  }

  /** Not in the ring yet. */
  record Pending() implements Phase {
    Waiting waits(Tokens kept, long joinFrom, long joinBy) {
      return new Waiting(kept, joinFrom, joinBy);
    }

    Joining registered(Tokens claimed, long now) {
      return new Joining(claimed, now);
    }

    Left leave() {
      return new Left();
    }

    @Override
    public InstanceState state() {
      return InstanceState.PENDING;
    }

    @Override
    public Tokens claimed() {
      return Tokens.NONE;
    }

    @Override
    public boolean inRing() {
      return false;
    }
  }

  /**
   * In the ring, with fewer tokens than it shall have; waiting until it may draw the others. Times
   * are elapsed nanoseconds: not before {@code joinFrom}, and from {@code joinBy} in any case.
   */
  record Waiting(Tokens claimed, long joinFrom, long joinBy) implements Phase {
    Waiting conflicted(Tokens left) {
      return new Waiting(left, joinFrom, joinBy);
    }

    Joining joined(Tokens completed, long now) {
      return new Joining(completed, now);
    }

    Leaving leave() {
      return new Leaving(claimed);
    }

    @Override
    public InstanceState state() {
      return InstanceState.PENDING;
    }
  }

  /** Registered and holding tokens; watching for somebody who holds the same ones. */
  record Joining(Tokens claimed, long observedSince) implements Phase {
    Joining conflicted(Tokens replaced, long now) {
      return new Joining(replaced, now);
    }

    Active settled() {
      return new Active(claimed);
    }

    Leaving leave() {
      return new Leaving(claimed);
    }

    @Override
    public InstanceState state() {
      return InstanceState.JOINING;
    }
  }

  /** Serving. */
  record Active(Tokens claimed) implements Phase {
    Active conflicted(Tokens replaced) {
      return new Active(replaced);
    }

    Leaving leave() {
      return new Leaving(claimed);
    }

    @Override
    public InstanceState state() {
      return InstanceState.ACTIVE;
    }
  }

  /** Going; still holds its tokens. */
  record Leaving(Tokens claimed) implements Phase {
    Leaving holding(Tokens tokens) {
      return new Leaving(tokens);
    }

    Left gone() {
      return new Left();
    }

    @Override
    public InstanceState state() {
      return InstanceState.LEAVING;
    }
  }

  /** Gone, by its own will. */
  record Left() implements Phase {
    @Override
    public InstanceState state() {
      return InstanceState.LEFT;
    }

    @Override
    public Tokens claimed() {
      return Tokens.NONE;
    }

    @Override
    public boolean inRing() {
      return false;
    }
  }
}
