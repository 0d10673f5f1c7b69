package io.ringdaemon.time;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * One queue of tasks in virtual time, run by the thread of the test. Every node of a simulation
 * gets its own {@link World} on it, with a clock that may be skewed and a loop that may be frozen.
 * Same seed, same run.
 */
public final class VirtualTime {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private record Task(long at, long order, Node node, Runnable work, AtomicBoolean cancelled)
      implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Task> queue = new PriorityQueue<>();
  private final SplittableRandom chance;
  private long now;
  private long order;
  private Node running;

  public VirtualTime(long seed) {
    chance = new SplittableRandom(seed);
  }

  /** A further node: its own loop, clock and chance. */
  public Node node() {
    return new Node(chance.split());
  }

  /** Elapsed virtual nanoseconds. */
  public long nanoTime() {
    return now;
  }

  /** Wall time of a node whose clock is right. */
  public Instant now() {
    return START.plusNanos(now);
  }

  /** Runs {@code work} outside any node, after {@code delay}. */
  public void after(Duration delay, Runnable work) {
    add(delay.toNanos(), null, work);
  }

  public void runFor(Duration duration) {
    long end = now + duration.toNanos();
    while (!queue.isEmpty() && queue.peek().at <= end) {
      step();
    }
    now = Math.max(now, end);
  }

  /** Runs until {@code condition} holds; fails after {@code limit} of virtual time. */
  public Duration runUntil(Duration limit, BooleanSupplier condition) {
    long began = now;
    while (!condition.getAsBoolean()) {
      if (queue.isEmpty() || queue.peek().at > began + limit.toNanos()) {
        throw new AssertionError("condition does not hold after " + limit);
      }
      step();
    }
    return Duration.ofNanos(now - began);
  }

  private void step() {
    Task task = queue.poll();
    now = Math.max(now, task.at);
    if (task.cancelled.get()) {
      return;
    }
    if (task.node != null && task.node.stopped) {
      return;
    }
    if (task.node != null && task.node.frozenUntil > now) {
      queue.add(new Task(task.node.frozenUntil, task.order, task.node, task.work, task.cancelled));
      return;
    }
    Node before = running;
    running = task.node;
    try {
      task.work.run();
    } finally {
      running = before;
    }
  }

  private AtomicBoolean add(long delay, Node node, Runnable work) {
    AtomicBoolean cancelled = new AtomicBoolean();
    queue.add(new Task(now + Math.max(0, delay), order++, node, work, cancelled));
    return cancelled;
  }

  /** One node's loop, with its clock. */
  public final class Node implements Loop {
    private final SplittableRandom own;
    private Duration skew = Duration.ZERO;
    private long frozenUntil;
    private boolean stopped;

    private Node(SplittableRandom own) {
      this.own = own;
    }

    /** This node's world. */
    public World world() {
      return new World(() -> now().plus(skew), this, own);
    }

    /** Sets the node's wall clock off by {@code skew} from now on. */
    public void skew(Duration skew) {
      this.skew = skew;
    }

    /**
     * Nothing runs here for {@code duration}; then everything that waited does (SIGSTOP, SIGCONT).
     */
    public void freeze(Duration duration) {
      frozenUntil = now + duration.toNanos();
    }

    public boolean frozen() {
      return frozenUntil > now;
    }

    /** Nothing runs here ever again (kill -9). */
    public void kill() {
      stopped = true;
    }

    public boolean dead() {
      return stopped;
    }

    @Override
    public boolean inside() {
      return running == this;
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void execute(Runnable task) {
      add(0, this, task);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      AtomicBoolean cancelled = add(delay.toNanos(), this, task);
      return () -> cancelled.set(true);
    }
  }
}
