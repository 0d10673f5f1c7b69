package io.ringdaemon.replication;

import io.ringdaemon.ring.Instance;

/**
 * What an instance answered.
 *
 * @param call still open if that was asked for ({@link QuorumOptions#keepCalls}): whoever got the
 *     answer then cancels it when done with it
 */
public record Answer<T>(Instance instance, T value, Cancellation call) {}
