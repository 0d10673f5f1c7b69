package io.ringdaemon.time;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One queue of tasks in virtual time, run by the thread of the test. Every node of a simulation
 * gets its own {@link World} on it, with a clock that may be skewed and a loop that may be slow or
 * frozen. Same seed, same run.
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
  private Consumer<Node> observer = node -> {};

  public VirtualTime(long seed) {
    chance = new SplittableRandom(seed);
  }

  /** A further node: its own loop, clock and chance. */
  public Node node() {
    return new Node(chance.split());
  }

  /** Calls {@code observer} after each task of a node, with that node. */
  public void afterEach(Consumer<Node> observer) {
    this.observer = observer;
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
    Node node = task.node;
    now = Math.max(now, task.at);
    if (node != null && node.heldUntil() > now && !task.cancelled.get() && !node.stopped) {
      queue.add(new Task(node.heldUntil(), task.order, node, task.work, task.cancelled));
      return;
    }
    if (node != null) {
      node.waiting--;
    }
    if (task.cancelled.get() || (node != null && node.stopped)) {
      return;
    }
    run(node, task.work);
    if (node != null) {
      node.busyUntil = now + node.cost;
    }
  }

  private void run(Node node, Runnable work) {
    Node before = running;
    running = node;
    try {
      work.run();
      if (node != null) {
        observer.accept(node);
      }
    } finally {
      running = before;
    }
  }

  private AtomicBoolean add(long delay, Node node, Runnable work) {
    AtomicBoolean cancelled = new AtomicBoolean();
    queue.add(new Task(now + Math.max(0, delay), order++, node, work, cancelled));
    if (node != null) {
      node.waiting++;
    }
    return cancelled;
  }

  /** One node's loop, with its clock. */
  public final class Node implements Loop {
    private final SplittableRandom own;
    private Duration skew = Duration.ZERO;
    private long frozenUntil;
    private long busyUntil;
    private long cost;
    private int waiting;
    private boolean stopped;

    private Node(SplittableRandom own) {
      this.own = own;
    }

    /** This node's world. */
    public World world() {
      return new World(() -> now().plus(skew), this, own);
    }

    /** Runs {@code work} here and now, as a task of this node. */
    public void enter(Runnable work) {
      VirtualTime.this.run(this, work);
    }

    /** Tasks and timers that wait, cancelled ones too until their time comes. */
    public int waiting() {
      return waiting;
    }

    private long heldUntil() {
      return Math.max(frozenUntil, busyUntil);
    }

    /** Each task keeps this loop busy for {@code cost} from now on: a slow host. */
    public void slow(Duration cost) {
      this.cost = cost.toNanos();
    }

    /** How far the node's wall clock is off. */
    public Duration skew() {
      return skew;
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

    /** SIGCONT, before the time is over. */
    public void thaw() {
      frozenUntil = now;
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
