package io.ringdaemon.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.Predecessor;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of design.md section 5, field by field. */
final class ShapesTest {
  private static final String LINE =
      "a:ACTIVE:10,4294967295:z1 b:ACTIVE:2000000000:z2 c:LEAVING:4000000000:z3:dead";
  private final FakeService service =
      new FakeService().with(Views.ring("default", 3, LINE), "a").with(Views.ring("bare", 3, ""));
  private final Site site = new Site(service);

  @Test
  void listOfRings() {
    String version = service.rings().get(0).ring().version();
    String empty = service.rings().get(1).ring().version();

    assertThat(site.get("/api/v1/rings").body())
        .isEqualTo(
            """
            {"rings":[{"ring":"default","version":"%s","leader":"a","instances":3,"healthy":2,\
            "store":"memberlist","registered":true},{"ring":"bare","version":"%s","leader":null,\
            "instances":0,"healthy":0,"store":"memberlist","registered":false}]}
            """
                .formatted(version, empty));
  }

  @Test
  void ring() {
    Response response = site.get("/api/v1/rings/default");

    assertThat(response.headers())
        .containsEntry("X-Ring-Index", "10")
        .hasEntrySatisfying(
            "ETag",
            tag ->
                assertThat(tag) // c is dead, which no entry says
                    .startsWith('"' + service.rings().get(0).ring().version() + '+'));
    assertThat(response.body())
        .startsWith(
            "{\"ring\":\"default\",\"version\":\"%s\",\"leader\":\"a\",\"instances\":["
                .formatted(service.rings().get(0).ring().version()))
        .contains(
            """
            {"id":"c","addr":"10.0.0.100:9095","zone":"z3","state":"LEAVING","healthy":false,\
            "reason":"dead","readOnly":false,"registered":"2026-11-21T06:00:00Z",\
            "heartbeat":"2026-11-21T08:58:59Z","tokenCount":1,\
            """)
        .doesNotContain("\"tokens\"");
    assertThat(site.get("/api/v1/rings/default?tokens=true").body())
        .contains("\"tokens\":[10,4294967295]");
  }

  @Test
  void instances() {
    assertThat(site.get("/api/v1/rings/default/instances").body())
        .startsWith("{\"ring\":\"default\",\"instances\":[{\"id\":\"a\"");
    assertThat(site.get("/api/v1/rings/default/instances/b").body()).startsWith("{\"id\":\"b\"");
    assertThat(site.get("/api/v1/rings/default/instances/nobody").status()).isEqualTo(404);
  }

  @Test
  void ownersOfAToken() {
    assertThat(site.get("/api/v1/rings/default/owners?token=5&operation=read").body())
        .isEqualTo(
            """
            {"ring":"default","key":null,"token":5,"operation":"read","instances":[\
            {"id":"a","addr":"10.0.0.98:9095","zone":"z1","state":"ACTIVE"},\
            {"id":"b","addr":"10.0.0.99:9095","zone":"z2","state":"ACTIVE"}],\
            "minSuccess":2,"maxErrors":0}
            """);
  }

  @Test
  void ownersOfATextKeyAreThoseOfItsHash() {
    assertThat(site.get("/api/v1/rings/default/owners?key=hello").body())
        .contains("\"key\":\"hello\",\"token\":1335831723,\"operation\":\"write\"");
  }

  @Test
  void tooFewHealthyOwnersIsAProblemWithFacts() {
    service.with(Views.ring("default", 3, "a:ACTIVE:10 b:ACTIVE:20::dead c:ACTIVE:30::heartbeat"));
    Response response = site.get("/api/v1/rings/default/owners?key=k");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.headers()).containsEntry("Content-Type", "application/problem+json");
    assertThat(response.body())
        .contains("\"type\":\"/problems/too-few-healthy-instances\"")
        .contains("\"needed\":2,\"found\":1,\"unhealthy\":[");
  }

  @Test
  void emptyRingIsAProblemOfItsOwn() {
    Response response = site.get("/api/v1/rings/bare/owners?key=k");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body()).contains("\"type\":\"/problems/empty-ring\"");
  }

  @Test
  void manyKeysAreAnsweredInOrderEvenIfSomeHaveNoOwners() {
    Response response =
        site.postJson(
            "/api/v1/rings/default/owners", "{\"keys\":[\"x\",\"y\"],\"operation\":\"read\"}");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).matches("(?s)\\{\"results\":\\[.*\"key\":\"x\".*\"key\":\"y\".*\n");
    assertThat(site.postJson("/api/v1/rings/bare/owners", "{\"keys\":[\"x\"]}").body())
        .contains("\"error\":{\"type\":\"/problems/empty-ring\"");
  }

  @Test
  void malformedQuestionsAreRefusedInWords() {
    String tooMany =
        IntStream.range(0, 10_001).mapToObj(i -> "\"k\"").collect(Collectors.joining(","));
    String owners = "/api/v1/rings/default/owners";

    assertThat(site.get(owners).status()).isEqualTo(400);
    assertThat(site.get(owners + "?key=a&token=1").status()).isEqualTo(400);
    assertThat(site.get(owners + "?token=4294967296").status()).isEqualTo(400);
    assertThat(site.get(owners + "?key=a&operation=x").status()).isEqualTo(400);
    assertThat(site.get(owners + "?key=" + "k".repeat(4097)).status()).isEqualTo(400);
    assertThat(site.postJson(owners, "{\"keys\":[" + tooMany + "]}").status()).isEqualTo(400);
    assertThat(site.postJson(owners, "{\"keys\":[null]}").status()).isEqualTo(400);
    assertThat(site.postJson(owners, "{\"keys\":").status()).isEqualTo(400);
    assertThat(site.postJson(owners, "null").status()).isEqualTo(400);
    assertThat(site.postJson(owners, "[".repeat(100_000)).status()).isEqualTo(400);
    assertThat(site.get("/api/v1/rings/default?index=x").status()).isEqualTo(400);
    assertThat(site.get("/api/v1/rings/default?index=10&wait=x").status()).isEqualTo(400);
  }

  @Test
  void ownership() {
    assertThat(site.get("/api/v1/rings/default/ownership").body())
        .startsWith(
            "{\"ring\":\"default\",\"instances\":[{\"id\":\"a\",\"zone\":\"z1\",\"tokens\":2,")
        .contains("{\"id\":\"b\",\"zone\":\"z2\",\"tokens\":1,\"share\":0.465");
  }

  @Test
  void leader() {
    assertThat(site.get("/api/v1/rings/default/leader").body())
        .isEqualTo(
            """
            {"ring":"default","leaderId":"a","addr":"10.0.0.98:9095","self":"a","isLeader":true,\
            "epoch":7,"since":"2026-11-21T08:55:00Z","strength":"advisory","policy":"lowest-token",\
            "lowestTokenOwner":"a","obstacle":"","previous":null}
            """);
    assertThat(site.get("/leader").status()).isEqualTo(200);
  }

  @Test
  void leadershipThatIsNoLongerConfirmedIsNobodys() {
    service.nanoTime += 2_000_000;

    assertThat(site.get("/api/v1/rings/default/leader").body())
        .contains("\"leaderId\":null,\"addr\":null,\"self\":\"a\",\"isLeader\":false,\"epoch\":7");
    assertThat(site.get("/leader?ring=default").status()).isEqualTo(503);
  }

  @Test
  void ringWithoutElectionHasNoLeaderPage() {
    Response response = site.get("/api/v1/rings/bare/leader");

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.body()).contains("leader election is off for ring bare");
  }

  @Test
  void aDaemonThatStartsSaysSoInsteadOfThatThereIsNoSuchRing() {
    assertThat(new Site(new FakeService()).get("/api/v1/rings/default/leader").status())
        .isEqualTo(503);
  }

  @Test
  void theLeadIsLentAndGivenBack() {
    service.predecessor =
        Optional.of(new Predecessor("b", 6, Views.NOW.minus(Duration.ofMinutes(5)), true));
    String lease = "/api/v1/rings/default/leader/lease";

    assertThat(site.postJson(lease + "?holder=x", "").body())
        .isEqualTo(
            """
            {"ring":"default","granted":true,"leaderId":"a","epoch":7,"leaseMillis":3000,\
            "waitMillis":0,"reason":""}
            """);
    assertThat(service.holders).containsExactly("x");
    assertThat(site.delete(lease + "?holder=x").status()).isEqualTo(204);
    assertThat(site.delete(lease + "?holder=x").status()).isEqualTo(404);
    assertThat(site.postJson(lease, "").status()).isEqualTo(400);
    assertThat(site.postJson("/api/v1/rings/bare/leader/lease?holder=x", "").status())
        .isEqualTo(404);
    assertThat(site.get("/api/v1/rings/default/leader").body())
        .contains(
            "\"previous\":{\"leaderId\":\"b\",\"epoch\":6,"
                + "\"until\":\"2026-11-21T08:55:00Z\",\"ended\":true}");
  }

  @Test
  void unknownRingListsThoseThereAre() {
    for (String path : new String[] {"", "/leader", "/owners?key=a", "/instances"}) {
      Response response = site.get("/api/v1/rings/nope" + path);

      assertThat(response.status()).isEqualTo(404);
      assertThat(response.body()).contains("\"rings\":[\"default\",\"bare\"]");
    }
  }

  @Test
  void members() {
    service.members.add(
        new MemberStatus(
            "ring-1",
            Views.NOW,
            "127.0.0.1:7946",
            "dead",
            "z1",
            Views.NOW,
            Views.NOW,
            "127.0.0.1:7980",
            "0.1.0",
            false));

    assertThat(site.get("/api/v1/members").body())
        .startsWith(
            """
            {"members":[{"name":"ring-1","addr":"127.0.0.1:7946","state":"dead","zone":"z1",\
            "lastContact":"2026-11-21T09:00:00Z",\
            """);
  }

  @Test
  void joinAndLeave() {
    assertThat(site.postJson("/api/v1/members/join", "{\"addresses\":[\"a:1\",\"b:2\"]}").body())
        .isEqualTo(
            """
            {"contacted":1,"results":[{"address":"a:1","contacted":true,"reason":""},\
            {"address":"b:2","contacted":false,"reason":"connection refused"}]}
            """);
    assertThat(site.postJson("/api/v1/members/join", "{\"addresses\":[]}").status()).isEqualTo(400);
    assertThat(site.postJson("/api/v1/leave", "").status()).isEqualTo(202);
    assertThat(service.left).isTrue();
  }

  @Test
  void liveReadyVersionConfig() {
    assertThat(site.get("/live").status()).isEqualTo(200);
    assertThat(site.get("/ready").status()).isEqualTo(200);
    service.notReady.add("ring default: a is JOINING");
    assertThat(site.get("/ready").status()).isEqualTo(503);
    assertThat(site.get("/ready").body()).contains("\"reasons\":[\"ring default: a is JOINING\"]");
    assertThat(site.get("/version").body())
        .startsWith("{\"name\":\"ring-daemon\",\"release\":\"0.1.0\",\"java\":\"");
    assertThat(site.get("/config").body()).isEqualTo("node_name: ring-1\n");
  }

  @Test
  void valueOfAKeyIsText() {
    service.keys.add(new KeyStatus("collectors/default", "ringDesc", 1, 10, 1, 0, Views.NOW));

    assertThat(site.get("/memberlist?viewKey=collectors%2Fdefault").body()).isEqualTo("a ACTIVE\n");
    assertThat(site.get("/memberlist?viewKey=x").status()).isEqualTo(404);
  }

  @Test
  void metricsCarryDskitsNamesAndOurs() {
    site.get("/ring");

    assertThat(site.get("/metrics").body())
        .contains("ring_members{name=\"default\",state=\"Unhealthy\"} 1.0")
        .contains("ring_members{name=\"default\",state=\"ACTIVE\"} 2.0")
        .contains("ring_tokens_total{name=\"default\"} 4.0")
        .contains("ring_oldest_member_timestamp{name=\"default\",state=\"ACTIVE\"} 1.7")
        .contains("ring_daemon_leader_known{name=\"default\"} 1.0")
        .contains("ring_daemon_build_info{")
        .contains("jvm_memory_used_bytes{area=\"heap\"}")
        .contains("ring_daemon_http_requests_total{route=\"/ring\",status=\"200\"} 1.0")
        .contains(
            "ring_daemon_http_request_duration_seconds_count{route=\"/ring\",status=\"200\"} 1");
  }

  @Test
  void longPollWakesWhenTheRingChanges() {
    var answer =
        site.begin("GET", "/api/v1/rings/default/leader?index=10&wait=1m", java.util.Map.of(), "");

    assertThat(answer).isNotDone();
    service.with(Views.ring("default", 3, LINE), "b");
    assertThat(answer).isCompleted();
    assertThat(answer.join().headers()).containsEntry("X-Ring-Index", "11");
    assertThat(answer.join().body()).contains("\"leaderId\":\"b\"");
  }

  @Test
  void longPollThatNobodyAwaitsIsGivenUp() {
    var answer = site.begin("GET", "/api/v1/rings/default?index=10", java.util.Map.of(), "");
    assertThat(service.waiting()).isEqualTo(1);

    answer.cancel(false);

    assertThat(service.waiting()).isZero();
  }

  @Test
  void indexFromTheFutureIsAnsweredAtOnce() {
    assertThat(site.get("/api/v1/rings/default?index=99&wait=1m").status()).isEqualTo(200);
  }
}
