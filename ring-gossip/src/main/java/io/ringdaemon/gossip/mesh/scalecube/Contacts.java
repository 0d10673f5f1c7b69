package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes contact where somebody asks for it now, and says of each seed what came of it. Confined to
 * the loop. <b>Time:</b> 3 s. <b>Bounds:</b> 32 calls at once, 100 seeds each, 10 addresses of a
 * seed drawn by chance.
 */
final class Contacts {
  private static final Duration LONGEST = Duration.ofSeconds(3);
  private static final int MOST_CALLS = 32;
  private static final int MOST_SEEDS = 100;
  private static final String CONTACTED = "";

  private final World world;
  private final Resolver resolver;
  private final BiConsumer<String, Wire.Delivery> contact;
  private final Set<Call> open = new LinkedHashSet<>();

  /** {@code contact} sends to an address what makes contact. */
  Contacts(World world, Resolver resolver, BiConsumer<String, Wire.Delivery> contact) {
    this.world = world;
    this.resolver = resolver;
    this.contact = contact;
  }

  /** Completes with every seed as written: an empty text if somebody answered, or why not. */
  void make(List<String> seeds, CompletableFuture<Map<String, String>> answered) {
    if (open.size() >= MOST_CALLS || seeds.size() > MOST_SEEDS) {
      Map<String, String> refused = new LinkedHashMap<>();
      seeds.forEach(seed -> refused.put(seed, "too many at once"));
      answered.complete(refused);
      return;
    }
    Call call = new Call(answered);
    open.add(call);
    resolver.resolve(seeds).thenAccept(call::begin);
  }

  /** What is known of a failure, in words. */
  void failed(String address, String why) {
    open.forEach(call -> call.why.computeIfPresent(address, (a, unknown) -> why));
  }

  private final class Call {
    private final CompletableFuture<Map<String, String>> answered;
    private final Map<String, String> outcome = new LinkedHashMap<>(); // by seed
    private final Map<String, String> why = new LinkedHashMap<>(); // by address
    private final Map<String, Integer> waiting = new LinkedHashMap<>(); // by seed: addresses
    private Loop.@Nullable Timer timer;

    private Call(CompletableFuture<Map<String, String>> answered) {
      this.answered = answered;
    }

    private void begin(Map<String, Resolver.Found> found) {
      Map<String, List<String>> drawn = new LinkedHashMap<>();
      found.forEach(
          (seed, today) -> {
            if (today.addresses().isEmpty()) {
              outcome.put(seed, today.trouble());
              return;
            }
            List<String> some = Resolver.sample(today.addresses(), Resolver.SAMPLE, world.chance());
            outcome.put(seed, "no answer within " + LONGEST.toSeconds() + " s");
            waiting.put(seed, some.size());
            drawn.put(seed, some);
            some.forEach(address -> why.put(address, "unreachable"));
          });
      timer = world.loop().after(LONGEST, this::finish);
      drawn.forEach((seed, some) -> some.forEach(address -> dial(seed, address)));
      finishIfDone();
    }

    private void dial(String seed, String address) {
      contact.accept(
          address,
          new Wire.Delivery() {
            @Override
            public void written() {
              world.loop().execute(() -> settle(seed, CONTACTED));
            }

            @Override
            public void lost(String label) {
              // later, as the reason in words comes after the loss
              world.loop().execute(() -> settle(seed, why.getOrDefault(address, label)));
            }
          });
    }

    private void settle(String seed, String came) {
      int left = waiting.merge(seed, -1, Integer::sum);
      if (came.equals(CONTACTED) || !CONTACTED.equals(outcome.get(seed))) {
        outcome.put(seed, came);
      }
      if (left <= 0 || came.equals(CONTACTED)) {
        waiting.remove(seed);
      }
      finishIfDone();
    }

    private void finishIfDone() {
      if (waiting.isEmpty()) {
        finish();
      }
    }

    private void finish() {
      if (timer != null) {
        timer.cancel();
      }
      open.remove(this);
      answered.complete(new LinkedHashMap<>(outcome));
    }
  }

  /** Nobody gets an answer any more: what is known so far is said. */
  void stop() {
    new ArrayList<>(open).forEach(Call::finish);
  }
}
