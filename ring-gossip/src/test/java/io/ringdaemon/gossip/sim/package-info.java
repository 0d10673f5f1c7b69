/**
 * The simulation kit: whole clusters in virtual time from a seed. Doors: {@link
 * io.ringdaemon.gossip.sim.Simulation} for one's own tests, {@link
 * io.ringdaemon.gossip.sim.Scenarios} for what is run by {@code mvn verify} and {@code
 * scripts/soak}. How to use it: docs/simulation.md.
 */
package io.ringdaemon.gossip.sim;
