package io.ringdaemon.election;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks a node directly whether it is there. Stages complete on the loop. */
public interface Prober {
  /** True: it answered in time and can be counted on. */
  CompletionStage<Boolean> probe(String node, long life, Duration timeout);
}
