package io.ringdaemon.gossip.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A bug to be made on purpose.
 *
 * @param name what is wrong then
 * @param source of a class, below the project's root
 * @param text that stands in it exactly once, however its lines are broken
 * @param replacement for it
 * @param scenario that must fail
 */
record Mutation(String name, String source, String text, String replacement, String scenario) {
  private static final String CORE = "ring-core/src/main/java/io/ringdaemon/";
  private static final String GOSSIP = "ring-gossip/src/main/java/io/ringdaemon/gossip/";

  /** By the promise of design.md section 9 that they break. */
  static final List<Mutation> ALL =
      List.of(
          new Mutation(
              "1: a merge takes what arrives last",
              CORE + "model/RingMerge.java",
              "return ORDER.compare(arriving, held) > 0;",
              "return !arriving.equals(held);",
              "heavy-loss"),
          new Mutation(
              "1: a tie of claims is not broken",
              CORE + "election/LeaderRecord.java",
              ".thenComparing(Comparator.comparing(Claim::instanceId).reversed())"
                  + " .thenComparing(Claim::released) .thenComparingLong(Claim::since)"
                  + " .thenComparingLong(Claim::life) .thenComparing(Claim::addr)"
                  + " .thenComparing(Claim::node)",
              "",
              "same-epoch-on-both-sides"),
          new Mutation(
              "1: a stale heartbeat is accepted",
              CORE + "model/RingDesc.java",
              "held.timestamp() > beat.timestamp() || (held.timestamp() == beat.timestamp()",
              "(held.timestamp() == beat.timestamp()",
              "heavy-loss"),
          new Mutation(
              "1: states are not compared",
              GOSSIP + "store/GossipKvStore.java",
              "Every.start(world, COMPARE, 0.3, this::compareWithSomebody);"
                  + " Every.start(world, config.pullPushInterval(), 0.2, this::exchangeWithSomebody);",
              "",
              "gossip-lost"),
          new Mutation(
              "2: a tombstone is dropped early",
              GOSSIP + "replica/Slots.java",
              "now.minus(retention.tombstones())",
              "now.plus(retention.tombstones())",
              "forget-during-split"),
          new Mutation(
              "2: a removal is not dated after the entry",
              CORE + "model/RingDesc.java",
              "InstanceDesc.tombstone(entry.id(), timestampFor(entry.id(), now))",
              "InstanceDesc.tombstone(entry.id(), now.getEpochSecond())",
              "clock-hour-ahead"),
          new Mutation(
              "3: who was forgotten alive does not come back at once",
              CORE + "lifecycle/Lifecycler.java",
              "returnOrYield(at);",
              "",
              "forgotten-alive"),
          new Mutation(
              "4: who leads is not asked for how long that is good",
              CORE + "election/Leadership.java",
              "!someone.instanceId().equals(selfId) || validUntil - nanoTime > 0",
              "true",
              "leader-frozen"),
          new Mutation(
              "4: standing still is not noticed",
              CORE + "election/Alertness.java",
              "pause > STANDSTILL.toNanos()",
              "pause < 0",
              "leader-frozen"),
          new Mutation(
              "4: a leader does not step down for a higher epoch",
              CORE + "election/Choice.java",
              "if (!sight.held().equals(Optional.of(claim))) {",
              "if (false) {",
              "same-epoch-on-both-sides"),
          new Mutation(
              "4: not the one with the lowest token leads",
              CORE + "election/Policy.java",
              ".min(Comparator.comparingLong(candidate -> candidate.owned()",
              ".max(Comparator.comparingLong(candidate -> candidate.owned()",
              "start"),
          new Mutation(
              "5: the dead are taken for the living",
              CORE + "ring/HealthRule.java",
              "if (node.state() == Liveness.State.DEAD || node.state() == Liveness.State.LEFT) {",
              "if (false) {",
              "leader-killed"),
          new Mutation(
              "6: the journal grows",
              CORE + "member/Journal.java",
              "if (newestFirst.size() > KEPT) {",
              "if (false) {",
              "chaos"),
          new Mutation(
              "7: the epoch is not kept on disk",
              CORE + "election/EpochKeeper.java",
              "within(store.save(epoch))",
              "within(CompletableFuture.<Void>completedFuture(null))",
              "restart-of-all"),
          new Mutation(
              "7: tokens are not kept over a restart",
              CORE + "lifecycle/Lifecycler.java",
              "own.remember(tokens);",
              "",
              "rolling-restart"),
          new Mutation(
              "views: a token lost to another is not replaced",
              CORE + "lifecycle/Lifecycler.java",
              "if (owned.size() < at.claimed().size()) {",
              "if (owned.size() < 0) {",
              "colliding-tokens"));

  String original(Path root) throws IOException {
    return Files.readString(root.resolve(source));
  }

  String mutated(Path root) throws IOException {
    String words =
        Pattern.compile("\\s+")
            .splitAsStream(text)
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s*"));
    Matcher found = Pattern.compile(words).matcher(original(root));
    if (found.results().count() != 1) {
      throw new AssertionError(
          "%s must contain this once; adapt the mutation \"%s\": %s".formatted(source, name, text));
    }
    return found.reset().replaceAll(Matcher.quoteReplacement(replacement));
  }

  @Override
  public String toString() {
    return name;
  }
}
