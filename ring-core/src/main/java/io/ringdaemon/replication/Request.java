package io.ringdaemon.replication;

import io.ringdaemon.ring.Instance;
import java.util.concurrent.CompletionStage;

/** What is asked of one instance. The stage may complete on any thread. */
@FunctionalInterface
public interface Request<T> {
  /** Called on the loop; must not block. An exception thrown counts as the call's failure. */
  CompletionStage<T> send(Instance instance, Cancellation call);
}
