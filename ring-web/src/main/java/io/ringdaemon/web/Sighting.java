package io.ringdaemon.web;

import java.time.Duration;
import java.util.List;

/**
 * What a node still shows of instances that were forgotten.
 *
 * @param node its name
 * @param answered whether it said anything
 * @param still those it showed at last
 * @param after how long it took until it answered as it does now
 */
public record Sighting(String node, boolean answered, List<String> still, Duration after) {
  /** Whether it says that none is there any more. */
  public boolean gone() {
    return answered && still.isEmpty();
  }
}
