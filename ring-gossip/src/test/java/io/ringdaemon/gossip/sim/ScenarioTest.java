package io.ringdaemon.gossip.sim;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The promises of design.md section 9, kept by whole clusters whatever befalls them. */
class ScenarioTest {
  private static final long SEEDS = Long.getLong("seeds", 200);

  static List<Scenario> scenarios() {
    return Scenarios.all();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void holdsForEachSeed(Scenario scenario) throws Throwable {
    Seeds.all(scenario, scenario.nodes(), 0, SEEDS - 1);
  }

  @ParameterizedTest
  @CsvSource({"rolling-restart", "join-through-one-seed"})
  void holdsForAHundredNodes(String scenario) throws Throwable {
    Seeds.all(Scenarios.named(scenario), 100, 0, 0);
  }
}
