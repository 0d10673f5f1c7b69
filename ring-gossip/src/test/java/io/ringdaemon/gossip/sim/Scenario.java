package io.ringdaemon.gossip.sim;

import java.util.function.BiConsumer;

/**
 * A story that every seed tells differently.
 *
 * @param name as {@code scripts/soak --scenario} has it
 * @param nodes how many it has unless somebody wants more
 * @param story starts its nodes, does things to them and asserts what must come of it; checks
 *     against {@link Invariants} run meanwhile
 */
public record Scenario(String name, int nodes, BiConsumer<Simulation, Integer> story) {
  /** Runs it; throws {@link SimulationFailure} if something is wrong. */
  public Simulation run(long seed, int nodes) {
    Simulation sim =
        Simulation.of(seed)
            .replayedBy(
                "scripts/soak --scenario %s --nodes %d --seeds %d..%d"
                    .formatted(name, nodes, seed, seed));
    sim.watched(
        () -> {
          story.accept(sim, nodes);
          return sim;
        });
    return sim;
  }

  @Override
  public String toString() {
    return name;
  }
}
