package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever instances call themselves, a terminal is shown printable text. */
class HostileOutputTest {
  private static final String NAME = "<b>\\u001b[31m\\u0007a\\r\\n\\u202ex\\u0000";
  private static final String INSTANCE =
      "{'id':'N','addr':'N','zone':'N','state':'ACTIVE','healthy':false,'reason':'N','detail':'N'}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ring default",
        "owners default k",
        "leader default",
        "leader nobody",
        "members",
        "rings",
        "forget default --all-unhealthy"
      })
  void tablesAndErrorsShowNoControlCharacters(String command) {
    try (FakeDaemon daemon = new FakeDaemon()) {
      String one = INSTANCE.replace("N", NAME);
      String leader = "{'ring':'default','leaderId':'N','addr':'N','epoch':1,'policy':'N'}";
      String members = "{'members':[{'name':'N','addr':'N','state':'alive','zone':'N'}]}";
      String owners = "{'key':'k','token':1,'operation':'write','instances':[" + one + "]}";
      daemon
          .answer("GET /api/v1/rings/default", 200, "{'instances':[" + one + "]}")
          .answer("GET /api/v1/rings/default/owners?key=k&operation=write", 200, owners)
          .answer("GET /api/v1/rings/default/owners?key=k", 200, owners)
          .answer("GET /api/v1/rings/default/leader", 200, leader.replace("N", NAME))
          .answer("GET /api/v1/rings/nobody/leader", 404, "{'detail':'no " + NAME + "'}")
          .answer("GET /api/v1/members", 200, members.replace("N", NAME))
          .answer("GET /api/v1/rings", 200, "{'rings':[{'ring':'" + NAME + "','leader':null}]}")
          .answer(
              "DELETE /api/v1/rings/default/instances?unhealthy=true",
              200,
              "{'forgotten':['" + NAME + "']}");
      Outcome outcome = Outcome.of((command + " --url=" + daemon.url()).split(" "));

      String all = outcome.out() + outcome.err();
      assertThat(all).contains("<b>");
      assertThat(all.codePoints().filter(c -> c != '\n').mapToObj(HostileOutputTest::kind).toList())
          .doesNotContainAnyElementsOf(List.of("control", "format"));
    }
  }

  private static String kind(int c) {
    return Character.isISOControl(c)
        ? "control"
        : Character.getType(c) == Character.FORMAT ? "format" : "text";
  }
}
