package io.ringdaemon.member;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.ChangeCodec;
import io.ringdaemon.change.ChangeMessage;
import io.ringdaemon.change.ChangeMessage.Node;
import io.ringdaemon.change.ChangeProtocol;
import io.ringdaemon.change.ChangeProtocol.Directive;
import io.ringdaemon.change.Request;
import io.ringdaemon.change.Result;
import io.ringdaemon.election.Election;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.World;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Brings changes to the ring's leader: feeds a {@link ChangeProtocol} and carries out what it
 * decides, over a {@link Courier}. Confined to the loop. <b>Bounds:</b> the protocol's.
 */
final class Changes implements ChangeProtocol.Sight {
  private final World world;
  private final RingWatcher watcher;
  private final Election election;
  private final Courier courier;
  private final RingEditor editor;
  private final Node self;
  private final String topic;
  private final ChangeProtocol protocol = new ChangeProtocol();
  private final Map<String, CompletableFuture<Result>> waiting = new HashMap<>();
  private final Metrics metrics;
  private final LongAdder malformed;
  private boolean ticking;

  Changes(
      World world,
      String key,
      Origin self,
      RingWatcher watcher,
      Election election,
      Courier courier,
      RingEditor editor,
      Metrics metrics) {
    this.world = world;
    this.watcher = watcher;
    this.election = election;
    this.courier = courier;
    this.editor = editor;
    this.self = new Node(self.node(), self.life());
    this.topic = // keys may be longer than topics
        "change/" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    this.metrics = metrics;
    String ring = watcher.ring().name();
    this.malformed =
        metrics.counter(
            "ring_daemon_change_malformed_messages_total",
            "Messages about changes that were dropped because they are not ours",
            "name",
            ring);
    metrics.gauge(
        "ring_daemon_change_forgotten_results",
        "Results of changes forgotten early because there were too many",
        protocol::forgottenResults,
        "name",
        ring);
    courier.receive(topic, this::received);
  }

  /**
   * Has {@code request} carried out; completes when this node's store shows it. Fails with {@code
   * TimeoutException} after 4 s, when it may or may not be done.
   */
  CompletionStage<Result> ask(Request request) {
    CompletableFuture<Result> known = waiting.get(request.id());
    if (known != null) {
      return known;
    }
    CompletableFuture<Result> answer = new CompletableFuture<>();
    waiting.put(request.id(), answer);
    act(protocol.ask(request, world.nanoTime(), this));
    return answer;
  }

  private void received(String node, long life, byte[] bytes) {
    ChangeMessage message;
    try {
      message = ChangeCodec.decode(bytes);
    } catch (MalformedValueException refused) {
      malformed.increment();
      return;
    }
    act(protocol.onMessage(new Node(node, life), message, world.nanoTime(), this));
  }

  private void act(List<Directive> todo) {
    assert world.loop().inside() : "outside the loop";
    todo.forEach(this::carryOut);
    if (protocol.busy() && !ticking) {
      ticking = true;
      world.loop().after(ChangeProtocol.TICK, this::tick);
    }
  }

  private void tick() {
    ticking = false;
    act(protocol.onTick(world.nanoTime(), this));
  }

  private void carryOut(Directive directive) {
    if (directive instanceof Directive.Send send) {
      courier.send(send.to().name(), send.to().life(), topic, ChangeCodec.encode(send.message()));
    } else if (directive instanceof Directive.CarryOut work) {
      carryOut(work.request());
    } else if (directive instanceof Directive.ApplyOwn own) {
      Request request = own.request();
      var unused =
          result(request)
              .thenAccept(done -> act(protocol.onOwnApplied(request, done, world.nanoTime())));
    } else if (directive instanceof Directive.Learn news) {
      var unused =
          editor
              .learn(news.request(), news.result())
              .whenComplete((done, failure) -> carriedOut(news.request().id(), news.result()));
    } else if (directive instanceof Directive.Relay told) {
      var unused =
          editor
              .learn(told.request(), told.result())
              .whenComplete((done, failure) -> answer(told.request().id(), told.result()));
    } else if (directive instanceof Directive.Answer answer) {
      answer(answer.id(), answer.result());
    } else if (directive instanceof Directive.GiveUp late) {
      count("answered", "told to clients", "timeout");
      Optional.ofNullable(waiting.remove(late.id()))
          .ifPresent(
              one -> one.completeExceptionally(new TimeoutException("nobody answered in time")));
    }
  }

  private void carryOut(Request request) {
    var unused = result(request).thenAccept(done -> carriedOut(request.id(), done));
  }

  /** Never fails: what the store said is the reason of a refusal. */
  private CompletionStage<Result> result(Request request) {
    return editor
        .carryOut(request)
        .exceptionally(
            failure -> Result.refused(version(), "the store refused it: " + failure.getMessage()));
  }

  private void carriedOut(String id, Result result) {
    count(
        "carried_out",
        "carried out here, for clients or as the leader",
        result.outcome().name().toLowerCase(Locale.ROOT));
    act(protocol.onCarriedOut(id, result, world.nanoTime(), this));
  }

  private void answer(String id, Result result) {
    count("answered", "told to clients", result.outcome().name().toLowerCase(Locale.ROOT));
    Optional.ofNullable(waiting.remove(id)).ifPresent(one -> one.complete(result));
  }

  private void count(String what, String help, String outcome) {
    metrics
        .counter(
            "ring_daemon_changes_" + what + "_total",
            "Changes " + help + ", by outcome",
            "name",
            watcher.ring().name(),
            "outcome",
            outcome)
        .increment();
  }

  @Override
  public boolean selfLeads() {
    return election.leads();
  }

  @Override
  public long epoch() {
    return election.leadership().epoch();
  }

  @Override
  public Optional<Node> leader() {
    return election
        .leader()
        .flatMap(leader -> watcher.ring().instance(leader.instanceId()))
        .flatMap(this::elsewhere);
  }

  private Optional<Node> elsewhere(Instance instance) {
    Origin origin = instance.desc().origin();
    Node node = new Node(origin.node(), origin.life());
    return origin.known() && !node.equals(self) ? Optional.of(node) : Optional.empty();
  }

  @Override
  public String version() {
    return watcher.desc().version();
  }

  @Override
  public Optional<Node> writer(Change change) {
    return change instanceof Change.SetReadOnly set
        ? watcher
            .ring()
            .instance(set.instanceId())
            .filter(one -> !one.health().reason().equals(Optional.of(Health.Reason.DEAD)))
            .flatMap(this::elsewhere)
        : Optional.empty();
  }
}
