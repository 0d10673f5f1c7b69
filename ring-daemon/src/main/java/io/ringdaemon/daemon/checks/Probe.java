package io.ringdaemon.daemon.checks;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks the application once how it is. */
@FunctionalInterface
interface Probe {
  /**
   * Completes, on any thread, with what is wrong, or the empty text. Gives up after {@code limit}
   * by itself; what can't be given up (a name that is being looked up) completes late.
   */
  CompletionStage<String> ask(Duration limit);
}
