package io.ringdaemon.gossip.replica;

/**
 * Travels like a change and tells how long changes take. Its age is added up by those it passes,
 * each by its own elapsed time, so that clocks need not agree.
 *
 * @param sequence rises with each beacon of that life of the node
 * @param ageMicros since it was sent
 */
public record Beacon(String node, long life, long sequence, long ageMicros) {}
