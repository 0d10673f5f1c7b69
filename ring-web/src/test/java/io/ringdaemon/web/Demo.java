package io.ringdaemon.web;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.token.Tokens;
import io.ringdaemon.web.api.PrometheusMetrics;
import io.ringdaemon.web.api.WebRoutes;
import io.ringdaemon.web.http.CsrfGuard;
import io.ringdaemon.web.http.HttpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/** Rings to look at in a browser, well and sick ones: {@code http://127.0.0.1:7999/}. */
public final class Demo {
  private Demo() {}

  public static void main(String[] args) throws Exception {
    PrometheusMetrics metrics = new PrometheusMetrics();
    HttpServer server =
        new HttpServer(WebRoutes.of(service(), metrics, CsrfGuard.anyHost()), "0.1.0", metrics);
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 7999;
    System.out.println(server.start("127.0.0.1", port).toCompletableFuture().join());
    new CountDownLatch(1).await();
  }

  /** Rings named default, sick, few, hundred, crowd and empty, with members and a key. */
  public static FakeService service() {
    FakeService service = new FakeService();
    service.with(Views.ring("default", 3, three("healthy")), "ring-1");
    service.put(
        Views.ring("sick", 3, three("dead")),
        service
            .with(Views.ring("sick", 3, three("dead")), "nobody")
            .ring("sick")
            .orElseThrow()
            .leadership(),
        List.of(
            event(3, "health", "ring-3", "dead: its node stopped answering"),
            event(190, "leader", "ring-3", "leads with epoch 7"),
            event(200, "joined", "ring-3", "registered with 128 tokens")));
    service.with(
        Views.ring("few", 3, "one:ACTIVE:1000,2000000000:a two:JOINING:3000000000:b"), "one");
    service.with(
        Views.ring("hundred", 3, sick(Views.many("worker", 100, 16, "a", "b", "c"))),
        "worker-0001");
    service.with(
        Views.ring("crowd", 3, sick(Views.many("pod", 2000, 128, "a", "b", "c"))), "pod-0001");
    service.with(Views.ring("empty", 3, ""), "");
    service.members.add(member("ring-1", "alive", true));
    service.members.add(member("ring-2", "alive", false));
    service.members.add(member("ring-3", "dead", false));
    service.members.add(member("ring-4", "suspect", false));
    service.keys.add(
        new KeyStatus(
            "collectors/default", "ringDesc", 132, 5210, 3, 1, Views.NOW.minusSeconds(9)));
    service.gossip =
        Optional.of(
            new GossipStatus(
                12,
                0.012,
                0.3,
                0,
                "",
                List.of(
                    new MessageStatus(
                        7,
                        Views.NOW.minusSeconds(9),
                        false,
                        "ring-2",
                        "updates",
                        410,
                        List.of("collectors/default"),
                        List.of("collectors/default")))));
    service.sightings.add(new Sighting("ring-2", true, List.of(), Duration.ofMillis(400)));
    return service;
  }

  private static RingStatus.Event event(int secondsAgo, String kind, String instance, String text) {
    return new RingStatus.Event(Views.NOW.minusSeconds(secondsAgo), kind, instance, text);
  }

  private static List<Instance> three(String health) {
    List<Instance> three = new ArrayList<>();
    SplittableRandom chance = new SplittableRandom(1);
    for (int i = 1; i <= 3; i++) {
      three.add(
          Views.instance(
              "ring-" + i,
              InstanceState.ACTIVE,
              Tokens.ofInts(chance.ints(128)),
              "",
              i == 3 ? health : "healthy"));
    }
    return three;
  }

  private static List<Instance> sick(List<Instance> many) {
    List<Instance> some = new ArrayList<>(many);
    String[] ills = {"dead", "suspected", "heartbeat"};
    for (int i = 0; i < ills.length; i++) {
      Instance old = some.get(40 + 17 * i);
      some.set(
          40 + 17 * i,
          Views.instance(old.id(), InstanceState.ACTIVE, old.owned(), old.zone(), ills[i]));
    }
    return some;
  }

  private static MemberStatus member(String name, String state, boolean self) {
    return new MemberStatus(
        name,
        Views.NOW.minus(Duration.ofHours(3)),
        "127.0.0.1:794" + (5 + name.charAt(5) - '0'),
        state,
        "",
        Views.NOW.minus(Duration.ofSeconds(state.equals("alive") ? 10_000 : 190)),
        Views.NOW.minus(Duration.ofSeconds(state.equals("alive") ? 1 : 193)),
        "127.0.0.1:7980",
        "0.1.0",
        self);
  }
}
