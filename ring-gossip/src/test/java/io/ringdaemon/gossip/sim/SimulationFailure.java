package io.ringdaemon.gossip.sim;

/** What went wrong, with all that is needed to understand it and to see it again. */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1;

  SimulationFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
