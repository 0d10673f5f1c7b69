package io.ringdaemon.gossip.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How the network treats a message.
 *
 * @param loss share of messages that never arrive, 0..1
 * @param doubling share that arrives twice
 * @param straying share that arrives up to two seconds late, long after later ones
 * @param least that any message takes
 * @param mean that they take on average; the distribution is exponential above {@code least}, so
 *     messages sent shortly after one another change places
 */
public record Conditions(
    double loss, double doubling, double straying, Duration least, Duration mean) {
  public static final Conditions CALM =
      new Conditions(0, 0, 0, Duration.ofMillis(1), Duration.ofMillis(8));

  private static final long STRAY = Duration.ofSeconds(2).toNanos();

  public Conditions loss(double share) {
    return new Conditions(share, doubling, straying, least, mean);
  }

  public Conditions doubling(double share) {
    return new Conditions(loss, share, straying, least, mean);
  }

  public Conditions straying(double share) {
    return new Conditions(loss, doubling, share, least, mean);
  }

  public Conditions latency(Duration least, Duration mean) {
    return new Conditions(loss, doubling, straying, least, mean);
  }

  boolean loses(RandomGenerator chance) {
    return loss > 0 && chance.nextDouble() < loss;
  }

  int copies(RandomGenerator chance) {
    return doubling > 0 && chance.nextDouble() < doubling ? 2 : 1;
  }

  Duration delay(RandomGenerator chance) {
    double above = -Math.log(1 - chance.nextDouble()) * mean.minus(least).toNanos();
    long late = straying > 0 && chance.nextDouble() < straying ? chance.nextLong(STRAY) : 0;
    return least.plusNanos((long) above + late);
  }

  /**
   * How likely a ping that loses so many messages goes unanswered: directly, and through each of
   * three others (the SWIM paper's section 4.1).
   */
  double pingFails() {
    double there = 1 - loss;
    return (1 - Math.pow(there, 2)) * Math.pow(1 - Math.pow(there, 4), 3);
  }
}
