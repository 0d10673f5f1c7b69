package io.ringdaemon.member;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Request;
import io.ringdaemon.change.Result;
import io.ringdaemon.election.Election;
import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.lifecycle.Lifecycler;
import io.ringdaemon.lifecycle.NotInTheRing;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.ReadOnly;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.World;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Carries changes of a ring out by compare-and-set. A base version is checked inside it, against
 * the very value that is changed. Confined to the loop.
 */
final class RingEditor {
  /** The ring is at another version than the change was based on. */
  private static final class Stale extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String version;

    private Stale(String version) {
      super("the ring is at version " + version);
      this.version = version;
    }
  }

  private final World world;
  private final String selfId;
  private final KvStore store;
  private final Key<RingDesc> key;
  private final RingWatcher watcher;
  private final Journal journal;
  private final @Nullable Lifecycler lifecycler;
  private final @Nullable Election election;

  RingEditor(
      World world,
      String selfId,
      KvStore store,
      Key<RingDesc> key,
      RingWatcher watcher,
      Journal journal,
      @Nullable Lifecycler lifecycler,
      @Nullable Election election) {
    this.world = world;
    this.selfId = selfId;
    this.store = store;
    this.key = key;
    this.watcher = watcher;
    this.journal = journal;
    this.lifecycler = lifecycler;
    this.election = election;
  }

  /** Does it; never fails for what the ring is like, but may for what the store says. */
  CompletionStage<Result> carryOut(Request request) {
    CompletionStage<Result> done;
    if (request.change() instanceof Change.Forget forget) {
      done = forget(request, forget.ids(), forget.allOrNothing());
    } else if (request.change() instanceof Change.ForgetUnhealthy) {
      done = forget(request, unhealthy(), false);
    } else if (request.change() instanceof Change.SetReadOnly set) {
      done = readOnly(request, set.instanceId(), set.on());
    } else if (request.change() instanceof Change.Resign resign) {
      done = resign(resign);
    } else {
      throw new IllegalStateException("no such change: " + request.change());
    }
    return done.thenApply(result -> noted(request, result)).exceptionallyCompose(this::refused);
  }

  private CompletionStage<Result> refused(Throwable failure) {
    Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
    if (why instanceof Stale stale) {
      return CompletableFuture.completedFuture(Result.stale(stale.version));
    }
    return why instanceof NotInTheRing not
        ? CompletableFuture.completedFuture(
            Result.refused(version(), String.valueOf(not.getMessage())))
        : CompletableFuture.failedFuture(failure);
  }

  private String version() {
    return watcher.desc().version();
  }

  private CompletionStage<RingDesc> cas(Request request, UnaryOperator<RingDesc> update) {
    return store.cas(
        key,
        ring -> {
          if (!request.fits(ring.version())) {
            throw new Stale(ring.version());
          }
          return update.apply(ring);
        });
  }

  private List<String> unhealthy() {
    return watcher.ring().instances().stream()
        .filter(one -> !one.health().healthy())
        .map(Instance::id)
        .limit(Change.MOST_IDS)
        .toList();
  }

  private CompletionStage<Result> forget(Request request, List<String> ids, boolean allOrNothing) {
    RingDesc known = watcher.desc();
    List<String> present = ids.stream().filter(id -> known.instance(id).isPresent()).toList();
    List<String> absent = having(ids, known, true);
    List<String> unknown = having(ids, known, false);
    boolean nothing = present.isEmpty() || (allOrNothing && present.size() < ids.size());
    Ring view = watcher.ring();
    List<String> living =
        present.stream()
            .filter(id -> view.instance(id).filter(one -> one.health().well()).isPresent())
            .toList();
    return cas(request, ring -> nothing ? ring : without(ring, present))
        .thenApply(
            ring -> {
              List<String> forgotten = nothing ? List.of() : present;
              return new Result(
                  Result.Outcome.DONE,
                  ring.version(),
                  "",
                  forgotten,
                  absent,
                  unknown,
                  nothing ? List.of() : living,
                  ring.only(forgotten),
                  LeaderRecord.EMPTY);
            });
  }

  private static RingDesc without(RingDesc ring, List<String> ids) {
    RingDesc left = ring;
    for (String id : ids) {
      left = left.without(id);
    }
    return left;
  }

  private static List<String> having(List<String> ids, RingDesc known, boolean tombstone) {
    return ids.stream()
        .filter(id -> known.instance(id).isEmpty())
        .filter(id -> known.entry(id).map(InstanceDesc::isTombstone).orElse(false) == tombstone)
        .toList();
  }

  private CompletionStage<Result> readOnly(Request request, String id, boolean on) {
    if (watcher.desc().instance(id).isEmpty()) {
      return CompletableFuture.completedFuture(
          Result.refused(version(), "there is no instance " + id + " in the ring"));
    }
    CompletionStage<RingDesc> changed =
        lifecycler != null && id.equals(selfId) && request.fits(version())
            ? lifecycler.readOnly(on).thenApply(done -> store.get(key))
            : cas(request, ring -> withReadOnly(ring, id, on));
    return changed.thenApply(ring -> Result.done(ring.version(), ring.only(List.of(id))));
  }

  private RingDesc withReadOnly(RingDesc ring, String id, boolean on) {
    return ring.instance(id)
        .filter(entry -> entry.readOnly().on() != on)
        .map(entry -> entry.withReadOnly(new ReadOnly(on, world.now().getEpochSecond())))
        .map(
            entry ->
                ring.with(
                    entry.withTimestamp(ring.timestampFor(id, world.now()), entry.sequence() + 1)))
        .orElse(ring);
  }

  private CompletionStage<Result> resign(Change.Resign resign) {
    if (election == null) {
      return CompletableFuture.completedFuture(
          Result.refused(version(), "this node elects no leader in this ring"));
    }
    return election
        .resign(resign.leaderId(), resign.epoch())
        .thenApply(heard -> Result.done(version(), RingDesc.EMPTY).with(RingDesc.EMPTY, heard));
  }

  /** Who had it changed: the ring itself doesn't tell. */
  private Result noted(Request request, Result result) {
    if (result.outcome() != Result.Outcome.DONE) {
      return result;
    }
    String by = " by " + request.actor();
    if (request.change() instanceof Change.SetReadOnly set) {
      note("read-only", set.instanceId(), "set read-only " + (set.on() ? "on" : "off") + by);
    } else if (request.change() instanceof Change.Resign resign) {
      note("resign", resign.leaderId(), "asked to resign" + by);
    } else {
      result.forgotten().forEach(id -> note("forgotten", id, "forgotten" + by));
    }
    return result;
  }

  private void note(String kind, String id, String text) {
    journal.add(new Event(world.now(), kind, id, text));
  }

  /** Takes over what another node changed. */
  CompletionStage<Void> learn(Request request, Result result) {
    CompletionStage<?> ring =
        result.entries().entries().isEmpty()
            ? CompletableFuture.completedFuture("")
            : store.cas(key, held -> held.merge(result.entries()).value());
    CompletionStage<?> leader =
        election == null || result.leader().equals(LeaderRecord.EMPTY)
            ? CompletableFuture.completedFuture("")
            : election.learn(result.leader());
    return ring.runAfterBoth(leader, () -> noted(request, result));
  }
}
