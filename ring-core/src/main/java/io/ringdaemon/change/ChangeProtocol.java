package io.ringdaemon.change;

import io.ringdaemon.change.ChangeMessage.Node;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One node's part in changing a ring (design.md section 5): whoever is asked by a client asks the
 * ring's leader; the leader carries changes out one after the other. Pure: takes what happened and
 * the time, returns what should be done.
 *
 * <pre>
 *   a client ─▶ this node ──Ask──▶ the leader ──Apply──▶ the instance's node    (who alone writes its entry)
 *                  ▲  ◀──Told──────     ◀───Applied──
 *                  └── no leader, or a second without a word: carries it out itself
 * </pre>
 *
 * <p><b>Order</b>: a change based on a version waits for those before it and holds those after it
 * back, so that nothing happens between its check and its effect. Others may overlap.
 *
 * <p><b>Promises</b> a repeated id repeats nothing where its result is still known (60 s); no
 * loops: an Ask is never passed on, who doesn't lead says so and the asker asks again, {@value
 * #MOST_REDIRECTS} times at most. <b>Not</b>: that a change whose leader falls silent after it did
 * it is not done a second time by the asker, nor order between the sides of a partition.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Time:</b> elapsed nanoseconds, passed in.
 * <b>Bounds:</b> {@link #MOST_PENDING} changes asked for and as many to carry out; {@link
 * #MOST_KEPT} results.
 */
public final class ChangeProtocol {
  static final Duration AGAIN = Duration.ofMillis(300);
  static final Duration SILENCE = Duration.ofSeconds(1);
  static final Duration GIVE_UP = Duration.ofSeconds(4);
  static final Duration STUCK = Duration.ofSeconds(10);
  static final int MOST_REDIRECTS = 3;
  static final int MOST_PENDING = 5_000;
  static final int MOST_KEPT = 10_000;

  /** How often {@link #onTick} wants to be called while {@link #busy}. */
  public static final Duration TICK = Duration.ofMillis(100);

  /** What this node sees of the ring now. */
  public interface Sight {
    boolean selfLeads();

    /** The highest epoch known. */
    long epoch();

    /** The node that leads, if that is another one. */
    Optional<Node> leader();

    String version();

    /** The other node, there to be asked, that alone should write what {@code change} changes. */
    Optional<Node> writer(Change change);
  }

  /** What should be done. */
  public sealed interface Directive {
    record Send(Node to, ChangeMessage message) implements Directive {}

    /** Do it here; then {@link #onCarriedOut}. */
    record CarryOut(Request request) implements Directive {}

    /** Do it to this node's own instance for the leader; then {@link #onOwnApplied}. */
    record ApplyOwn(Request request) implements Directive {}

    /** Take over what another node changed; then {@link #onCarriedOut}. */
    record Learn(Request request, Result result) implements Directive {}

    /** Take over what the leader changed, and tell whoever asked this node. */
    record Relay(Request request, Result result) implements Directive {}

    /** Tell whoever asked this node; what was changed is known here. */
    record Answer(String id, Result result) implements Directive {}

    /** Nobody answered in time: tell whoever asked this node that it may or may not be done. */
    record GiveUp(String id) implements Directive {}
  }

  /** A change a client asked this node for. */
  private static final class Asked {
    private final Request request;
    private final long began;
    private Optional<Node> leader = Optional.empty();
    private long lastWord;
    private long lastSent;
    private int redirects;

    private Asked(Request request, long now) {
      this.request = request;
      this.began = now;
    }
  }

  /** A change to be carried out here. */
  private static final class Work {
    private final Request request;
    private final Set<Node> askers = new LinkedHashSet<>();
    private boolean running;
    private Optional<Node> writer = Optional.empty();
    private long applySent;
    private long began;

    private Work(Request request) {
      this.request = request;
    }

    private boolean exclusive() {
      return !request.baseVersions().isEmpty();
    }
  }

  private final Map<String, Asked> asked = new LinkedHashMap<>();
  private final Map<String, Work> works = new HashMap<>();
  private final Deque<Work> queue = new ArrayDeque<>();
  private final Map<String, Node> owning = new HashMap<>();
  private final KeptResults kept = new KeptResults(MOST_KEPT);
  private int running;
  private boolean exclusive;

  /** Whether time matters: something is asked for or being applied elsewhere. */
  public boolean busy() {
    return !asked.isEmpty() || !works.isEmpty();
  }

  /**
   * A client asks; {@link Directive.Answer} or {@link Directive.Relay} follows, unless nobody
   * answers for 4 s.
   */
  public List<Directive> ask(Request request, long now, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    Optional<Result> known = kept.of(request.id(), request.change(), now);
    if (known.isPresent()) {
      todo.add(new Directive.Answer(request.id(), known.get()));
    } else if (asked.size() >= MOST_PENDING) {
      todo.add(
          new Directive.Answer(
              request.id(),
              Result.refused(sight.version(), "too many changes are under way; try again")));
    } else if (!asked.containsKey(request.id())) {
      Asked one = new Asked(request, now);
      asked.put(request.id(), one);
      if (sight.selfLeads() || sight.leader().isEmpty()) {
        here(one, now, sight, todo);
      } else {
        askNode(sight.leader().get(), one, now, sight, todo);
      }
    }
    return todo;
  }

  private void askNode(Node leader, Asked one, long now, Sight sight, List<Directive> todo) {
    one.leader = Optional.of(leader);
    one.lastWord = now;
    one.lastSent = now;
    todo.add(new Directive.Send(leader, new ChangeMessage.Ask(one.request.under(sight.epoch()))));
  }

  private void here(Asked one, long now, Sight sight, List<Directive> todo) {
    one.leader = Optional.empty();
    enqueue(one.request, Optional.empty(), now, sight, todo);
  }

  private void enqueue(
      Request request, Optional<Node> asker, long now, Sight sight, List<Directive> todo) {
    Work work = works.get(request.id());
    if (work == null) {
      work = new Work(request);
      works.put(request.id(), work);
      queue.add(work);
    }
    asker.ifPresent(work.askers::add);
    pump(now, sight, todo);
  }

  private void pump(long now, Sight sight, List<Directive> todo) {
    while (!queue.isEmpty() && !exclusive && (running == 0 || !queue.peek().exclusive())) {
      Work work = queue.poll();
      if (!asked.containsKey(work.request.id()) && !sight.selfLeads()) {
        works.remove(work.request.id());
        work.askers.forEach(
            node -> todo.add(new Directive.Send(node, notLeading(work.request, node, sight))));
      } else if (!work.request.fits(sight.version())) {
        end(work, Result.stale(sight.version()), now, todo);
      } else {
        start(work, now, sight, todo);
      }
    }
  }

  private void start(Work work, long now, Sight sight, List<Directive> todo) {
    running++;
    exclusive = work.exclusive();
    work.running = true;
    work.writer = sight.writer(work.request.change());
    work.began = now;
    if (work.writer.isPresent()) {
      apply(work, now, todo);
    } else {
      todo.add(new Directive.CarryOut(work.request));
    }
  }

  private static void apply(Work work, long now, List<Directive> todo) {
    work.applySent = now;
    todo.add(new Directive.Send(work.writer.orElseThrow(), new ChangeMessage.Apply(work.request)));
  }

  private static ChangeMessage notLeading(Request request, Node asker, Sight sight) {
    return new ChangeMessage.NotLeading(
        request.id(), sight.leader().filter(node -> !node.equals(asker)), sight.epoch());
  }

  /** A change was carried out, or refused. */
  public List<Directive> onCarriedOut(String id, Result result, long now, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    Work work = works.get(id);
    if (work != null && work.running) {
      running--;
      exclusive = false;
      end(work, result, now, todo);
      pump(now, sight, todo);
    }
    return todo;
  }

  private void end(Work work, Result result, long now, List<Directive> todo) {
    String id = work.request.id();
    works.remove(id);
    kept.keep(id, work.request.change(), result, now);
    work.askers.forEach(
        node -> todo.add(new Directive.Send(node, new ChangeMessage.Told(id, result))));
    if (asked.remove(id) != null) {
      todo.add(new Directive.Answer(id, result));
    }
  }

  /** This node's own instance was changed for the leader, or refused to be. */
  public List<Directive> onOwnApplied(Request request, Result result, long now) {
    Node leader = owning.remove(request.id());
    kept.keep(applied(request.id()), request.change(), result, now);
    return leader == null
        ? List.of()
        : List.of(new Directive.Send(leader, new ChangeMessage.Applied(request.id(), result)));
  }

  /** Results of both kinds are kept in one place. */
  private static String applied(String id) {
    return "applied " + id;
  }

  /** A message came. */
  public List<Directive> onMessage(Node from, ChangeMessage message, long now, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (message instanceof ChangeMessage.Ask ask) {
      onAsk(from, ask.request(), now, sight, todo);
    } else if (message instanceof ChangeMessage.Apply apply) {
      onApply(from, apply.request(), now, sight, todo);
    } else if (message instanceof ChangeMessage.Accepted accepted) {
      waitingFor(from, accepted.id()).ifPresent(one -> one.lastWord = now);
    } else if (message instanceof ChangeMessage.Told told) {
      waitingFor(from, told.id())
          .ifPresent(
              one -> {
                asked.remove(told.id());
                kept.keep(told.id(), one.request.change(), told.result(), now);
                todo.add(new Directive.Relay(one.request, told.result()));
              });
    } else if (message instanceof ChangeMessage.Applied applied) {
      Work work = works.get(applied.id());
      if (work != null && work.writer.equals(Optional.of(from))) {
        work.writer = Optional.empty();
        todo.add(new Directive.Learn(work.request, applied.result()));
      }
    } else if (message instanceof ChangeMessage.NotLeading not) {
      waitingFor(from, not.id()).ifPresent(one -> onNotLeading(one, from, not, now, sight, todo));
    }
    return todo;
  }

  private Optional<Asked> waitingFor(Node from, String id) {
    return Optional.ofNullable(asked.get(id)).filter(one -> one.leader.equals(Optional.of(from)));
  }

  private void onAsk(Node from, Request request, long now, Sight sight, List<Directive> todo) {
    String id = request.id();
    Optional<Result> known = kept.of(id, request.change(), now);
    if (known.isPresent()) {
      todo.add(new Directive.Send(from, new ChangeMessage.Told(id, known.get())));
    } else if (works.containsKey(id)) {
      works.get(id).askers.add(from);
      todo.add(new Directive.Send(from, new ChangeMessage.Accepted(id)));
    } else if (!sight.selfLeads() || request.epoch() > sight.epoch()) {
      todo.add(new Directive.Send(from, notLeading(request, from, sight)));
    } else if (works.size() >= MOST_PENDING) {
      Result busy = Result.refused(sight.version(), "the leader has too much to do; try again");
      todo.add(new Directive.Send(from, new ChangeMessage.Told(id, busy)));
    } else {
      enqueue(request, Optional.of(from), now, sight, todo);
    }
  }

  private void onApply(Node from, Request request, long now, Sight sight, List<Directive> todo) {
    String id = request.id();
    Optional<Result> known = kept.of(applied(id), request.change(), now);
    if (known.isPresent()) {
      todo.add(new Directive.Send(from, new ChangeMessage.Applied(id, known.get())));
    } else if (owning.size() >= MOST_PENDING) {
      Result busy = Result.refused(sight.version(), "the instance's node has too much to do");
      todo.add(new Directive.Send(from, new ChangeMessage.Applied(id, busy)));
    } else if (owning.put(id, from) == null) {
      todo.add(new Directive.ApplyOwn(request));
    }
  }

  private void onNotLeading(
      Asked one,
      Node from,
      ChangeMessage.NotLeading not,
      long now,
      Sight sight,
      List<Directive> todo) {
    Optional<Node> next =
        not.leader().or(sight::leader).filter(node -> !node.equals(from) && !sight.selfLeads());
    if (next.isPresent() && one.redirects++ < MOST_REDIRECTS) {
      askNode(next.get(), one, now, sight, todo);
    } else {
      here(one, now, sight, todo);
    }
  }

  /** Time passes. */
  public List<Directive> onTick(long now, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    for (Asked one : List.copyOf(asked.values())) {
      if (one.leader.isPresent()) {
        waitOn(one, now, sight, todo);
      }
    }
    for (Asked one : List.copyOf(asked.values())) {
      if (now - one.began >= GIVE_UP.toNanos()) {
        asked.remove(one.request.id());
        todo.add(new Directive.GiveUp(one.request.id()));
      }
    }
    for (Work work : List.copyOf(works.values())) {
      if (work.writer.isPresent()) {
        if (now - work.began >= SILENCE.toNanos()) {
          work.writer = Optional.empty();
          todo.add(new Directive.CarryOut(work.request));
        } else if (now - work.applySent >= AGAIN.toNanos()) {
          apply(work, now, todo);
        }
      } else if (work.running && now - work.began >= STUCK.toNanos()) {
        Result stuck = Result.refused(sight.version(), "the store did not answer");
        todo.addAll(onCarriedOut(work.request.id(), stuck, now, sight));
      }
    }
    return todo;
  }

  private void waitOn(Asked one, long now, Sight sight, List<Directive> todo) {
    if (now - one.lastWord >= SILENCE.toNanos()) {
      Optional<Node> other = sight.leader().filter(node -> !one.leader.equals(Optional.of(node)));
      if (other.isPresent() && one.redirects++ < MOST_REDIRECTS) {
        askNode(other.get(), one, now, sight, todo);
      } else {
        here(one, now, sight, todo);
      }
    } else if (now - one.lastSent >= AGAIN.toNanos()) {
      one.lastSent = now;
      todo.add(
          new Directive.Send(
              one.leader.orElseThrow(), new ChangeMessage.Ask(one.request.under(sight.epoch()))));
    }
  }

  /** Results dropped early because there were too many. */
  public long forgottenResults() {
    return kept.pushedOut();
  }
}
