package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientCommandsTest {
  private static final String RING =
      """
      {'ring':'default','version':'v1','leader':'ring-1','instances':[
       {'id':'ring-1','addr':'127.0.0.1:7980','zone':'','state':'ACTIVE','healthy':true,'heartbeat':'2000-01-01T00:00:00Z','tokenCount':128},
       {'id':'ring-2','addr':'127.0.0.1:7981','zone':'','state':'ACTIVE','healthy':false,'reason':'dead','tokenCount':128}]}
      """;

  private final FakeDaemon daemon = new FakeDaemon();

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void resigningTellsWhoSteppedDown() {
    daemon.answer(
        "POST /api/v1/rings/default/leader/resign",
        200,
        "{'ring':'default','resigned':'ring-1','epoch':7}");

    assertThat(ask("resign", "default"))
        .isEqualTo(new Outcome(0, "ring-1 stepped down, epoch 7\n", ""));
    assertThat(ask("resign", "other").code()).isEqualTo(1);
  }

  @Test
  void readOnlyIsSetForTheDaemonsOwnInstanceUnlessOneIsNamed() {
    daemon.answer("GET /api/v1/rings/default", 200, "{'ring':'default','self':'ring/1'}");
    daemon.answer("PUT /api/v1/rings/default/instances/ring%2F1/read-only", 204, "");
    daemon.answer("PUT /api/v1/rings/default/instances/ring-2/read-only", 204, "");

    assertThat(ask("read-only", "default", "on"))
        .isEqualTo(new Outcome(0, "ring/1 in default: read-only on\n", ""));
    assertThat(daemon.requests())
        .contains("PUT /api/v1/rings/default/instances/ring%2F1/read-only true");
    assertThat(ask("read-only", "default", "off", "--instance=ring-2").code()).isZero();
    assertThat(ask("read-only", "default", "perhaps").code()).isEqualTo(2);
  }

  @Test
  void ringsAreATable() {
    daemon.answer(
        "GET /api/v1/rings",
        200,
        "{'rings':[{'ring':'default','version':'v1','leader':'ring-1','instances':3,'healthy':2},"
            + "{'ring':'api','version':'v2','leader':null,'instances':0,'healthy':0}]}");

    Outcome outcome = ask("rings");

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                0,
                """
                RING     LEADER  INSTANCES  HEALTHY  VERSION
                default  ring-1  3          2        v1
                api      nobody  0          0        v2
                """,
                ""));
  }

  @Test
  void aRingTellsHealthApartFromStateAndWhoLeads() {
    daemon.answer("GET /api/v1/rings/default", 200, RING);

    String out = ask("ring", "default").out();

    assertThat(out.replaceAll("\\d+d", "9999d"))
        .isEqualTo(
            """
            ID      STATE   HEALTH     ROLE    HEARTBEAT  TOKENS  ADDR            REASON
            ring-1  ACTIVE  healthy    leader  9999d      128     127.0.0.1:7980
            ring-2  ACTIVE  unhealthy                     128     127.0.0.1:7981  dead
            """);
  }

  @Test
  void jsonIsPrintedAsAnswered() {
    daemon.answer("GET /api/v1/rings/default", 200, RING);

    Outcome outcome = ask("ring", "default", "-o", "json");

    assertThat(DaemonClient.JSON.readTree(outcome.out()))
        .isEqualTo(DaemonClient.JSON.readTree(RING.replace('\'', '"')));
  }

  @Test
  void anUnknownRingIsNoWithTheDaemonsReason() {
    Outcome outcome = ask("ring", "a/b c");

    assertThat(outcome)
        .isEqualTo(new Outcome(1, "", "ring-daemon: no such thing: GET /api/v1/rings/a%2Fb%20c\n"));
  }

  @Test
  void membersAreATable() {
    daemon.answer(
        "GET /api/v1/members",
        200,
        "{'members':[{'name':'ring-1','addr':'127.0.0.1:7946','state':'alive'}]}");

    assertThat(ask("members").out())
        .isEqualTo("NAME    ADDR            STATE\nring-1  127.0.0.1:7946  alive\n");
  }

  @Test
  void ownersOfSeveralKeysAreAskedOneByOne() {
    String body =
        "{'ring':'default','key':'k','token':7,'instances':[{'id':'b'},{'id':'a'}],'minSuccess':2,'maxErrors':0}";
    daemon.answer("GET /api/v1/rings/default/owners?key=k%261&operation=read", 200, body);
    daemon.answer("GET /api/v1/rings/default/owners?key=k2&operation=read", 200, body);

    Outcome outcome = ask("owners", "default", "k&1", "k2", "--operation=read");

    assertThat(outcome.out())
        .isEqualTo("KEY  TOKEN  OWNERS  MAY FAIL\nk&1  7      b a     0\nk2   7      b a     0\n");
    assertThat(ask("owners", "default", "k2", "k2", "--operation=read", "-o", "json").out())
        .startsWith("[");
  }

  @Test
  void tooFewHealthyOwnersIsNo() {
    daemon.answer(
        "GET /api/v1/rings/default/owners?key=k",
        503,
        "{'title':'too few','detail':'needs 2, found 1'}");

    assertThat(ask("owners", "default", "k"))
        .isEqualTo(new Outcome(1, "", "ring-daemon: needs 2, found 1\n"));
  }

  @Test
  void theLeaderIsTold() {
    daemon.answer(
        "GET /api/v1/rings/default/leader",
        200,
        "{'ring':'default','leaderId':'ring-1','epoch':3,'strength':'advisory'}");

    assertThat(ask("leader", "default"))
        .isEqualTo(new Outcome(0, "LEADER  EPOCH  STRENGTH\nring-1  3      advisory\n", ""));
  }

  @Test
  void nobodyLeadsIsNo() {
    daemon.answer("GET /api/v1/rings/default/leader", 200, "{'ring':'default','leaderId':null}");

    assertThat(ask("leader", "default"))
        .isEqualTo(new Outcome(1, "", "ring-daemon: nobody leads default\n"));
  }

  @Test
  void watchingTellsEachChangeOnceAndEndsWhenTheDaemonIsGone() {
    String next = "GET /api/v1/rings/default/leader?index=7&wait=30s";
    daemon.answer(
        "GET /api/v1/rings/default/leader", 200, "{'leaderId':'a','epoch':1,'since':'T'}");
    daemon.answer(next, 200, "{'leaderId':'a','epoch':1,'since':'T'}");
    daemon.answer(next, 200, "{'leaderId':null}");
    daemon.answer(next, 200, "{'leaderId':'b','epoch':2,'since':'U'}");
    daemon.answer(next, 503, "{'detail':'leaving'}");

    assertThat(ask("leader", "default", "--watch"))
        .isEqualTo(
            new Outcome(
                1,
                "a leads since T, epoch 1\nnobody leads\nb leads since U, epoch 2\n",
                "ring-daemon: leaving\n"));
  }

  @Test
  void joiningTellsHowManyWereContacted() {
    daemon.answer("POST /api/v1/members/join", 200, "{'contacted':1}");
    daemon.answer("POST /api/v1/members/join", 200, "{'contacted':0}");

    assertThat(ask("join", "a:1", "b:2")).isEqualTo(new Outcome(0, "contacted 1 of 2\n", ""));
    assertThat(ask("join", "a:1").code()).isEqualTo(1);
    assertThat(daemon.requests())
        .contains("POST /api/v1/members/join {\"addresses\":[\"a:1\",\"b:2\"]}");
  }

  @Test
  void leavingIsToldToTheDaemon() {
    daemon.answer("POST /api/v1/leave", 202, "");

    assertThat(ask("leave")).isEqualTo(new Outcome(0, "leaving\n", ""));
  }

  @Test
  void textOfInstancesCannotSteerTheTerminal() {
    daemon.answer(
        "GET /api/v1/members", 200, "{'members':[{'name':'a\\u001b[2J\\nb','addr':'x'}]}");

    assertThat(ask("members").out()).isEqualTo("NAME     ADDR\na?[2J?b  x\n");
  }

  @Test
  void tablesStayNarrow() {
    String row =
        "{'name':'" + "n".repeat(80) + "','addr':'" + "a".repeat(80) + "','state':'alive'}";
    daemon.answer("GET /api/v1/members", 200, "{'members':[" + row + "]}");

    assertThat(ask("members").out().lines())
        .allMatch(line -> line.length() <= Table.WIDEST)
        .last()
        .asString()
        .contains("…");
  }

  private Outcome ask(String... args) {
    return Outcome.of(
        Stream.concat(Stream.of(args), Stream.of("--url=" + daemon.url())).toArray(String[]::new));
  }
}
