package io.ringdaemon.lifecycle;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.token.Tokens;

/**
 * Where an instance stands; each phase offers only its legal next steps.
 *
 * <pre>
 *   Pending ──first contact, or alone long enough──▶ Joining ──a period without a change of its tokens──▶ Active
 *      ▲                                              │   ▲                                                 │
 *      │                                              └───┘ conflict: lost tokens replaced                  │
 *      └── an older life of the name, or of the id, is alive ◀──────────────────────────────────────────────┤
 *                                    Left ◀── entry removed ── Leaving ◀── leave (from Joining too) ────────┘
 * </pre>
 */
public sealed interface Phase {
  /** The state its entry shows, or would show. */
  InstanceState state();

  /** Tokens it claims; none before it has registered. */
  Tokens claimed();

  /** Not in the ring yet. */
  record Pending() implements Phase {
    Joining registered(Tokens claimed, long now) {
      return new Joining(claimed, now);
    }

    @Override
    public InstanceState state() {
      return InstanceState.PENDING;
    }

    @Override
    public Tokens claimed() {
      return Tokens.NONE;
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
  }
}
