package io.ringdaemon.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.change.Change;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Sighting;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ForgetTest {
  private final FakeService service =
      new FakeService()
          .with(Views.ring("a:ACTIVE:10 b:ACTIVE:20 c:ACTIVE:30::dead d:ACTIVE:40::dead"), "a");
  private final Site site = new Site(service);

  private List<String> left() {
    return service.rings().get(0).ring().instances().stream().map(Instance::id).toList();
  }

  @Test
  void formForgetsAndLeadsBackToThePage() {
    Response response = site.form("/ring", "forget", "c");

    assertThat(response.status()).isEqualTo(302);
    assertThat(response.headers()).containsEntry("Location", "#");
    assertThat(response.body()).isEmpty();
    assertThat(left()).containsExactly("a", "b", "d");
    assertThat(service.actors).containsExactly("192.0.2.1 by the ring page");
  }

  @Test
  void severalAreForgottenTogether() {
    site.form("/default/ring", "forget", "c", "forget", "d");

    assertThat(left()).containsExactly("a", "b");
  }

  @Test
  void unknownIdForgetsNobody() {
    Response response = site.form("/ring", "forget", "c", "forget", "nobody");

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.body()).contains("nobody is not in the default ring; nothing was changed");
    assertThat(left()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void plainFormForgetsALivingOneAsDskitDoes() {
    assertThat(site.form("/ring", "forget", "b").status()).isEqualTo(302);
    assertThat(left()).containsExactly("a", "c", "d");
  }

  @Test
  void idMayComeInTheQueryAsInDskit() {
    assertThat(site.ask("POST", "/ring?forget=c", Map.of(), "").status()).isEqualTo(302);
    assertThat(left()).doesNotContain("c");
  }

  @Test
  void ourPageAsksBeforeALivingOneIsForgotten() {
    String page = site.page("/ring").body();
    Response question = site.page("/ring?confirm=b");

    assertThat(page).contains("href=\"/default/ring?confirm=b\"");
    assertThat(question.body()).contains("registers anew at once").contains("name=\"typed\"");
    assertThat(site.page("/ring?confirm=nobody").status()).isEqualTo(404);
  }

  @Test
  void wrongIdTypedForgetsNobody() {
    Response response = site.form("/ring", "forget", "b", "typed", "B");

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).contains("What you typed is not its id");
    assertThat(left()).contains("b");
  }

  @Test
  void rightIdTypedForgets() {
    assertThat(site.form("/ring", "forget", "b", "typed", " b ").status()).isEqualTo(302);
    assertThat(left()).doesNotContain("b");
  }

  @Test
  void oneThatHasComeBackSinceThePageWasShownIsAskedAbout() {
    Response response = site.form("/ring", "expect", "unhealthy", "forget", "b");

    assertThat(response.status()).isEqualTo(409);
    assertThat(response.body()).contains("come back meanwhile");
    assertThat(left()).contains("b");
  }

  @Test
  void emptyFormIsABadRequest() {
    assertThat(site.form("/ring").status()).isEqualTo(400);
  }

  @Test
  void foreignPageForgetsNobody() {
    Map<String, String> headers =
        Map.of(
            "content-type",
            "application/x-www-form-urlencoded",
            "origin",
            "http://evil.example",
            "host",
            "127.0.0.1:7980");

    assertThat(site.ask("POST", "/ring", headers, "forget=c").status()).isEqualTo(403);
    assertThat(left()).contains("c");
  }

  @Test
  void apiForgetsAndRepeatsItself() {
    String path = "/api/v1/rings/default/instances/c";

    assertThat(site.delete(path).status()).isEqualTo(204);
    assertThat(site.delete(path).status()).isEqualTo(204);
    assertThat(site.delete("/api/v1/rings/default/instances/nobody").status()).isEqualTo(404);
  }

  @Test
  void apiForgetsAllUnhealthy() {
    assertThat(site.delete("/api/v1/rings/default/instances?unhealthy=true").body())
        .isEqualTo("{\"forgotten\":[\"c\",\"d\"]}\n");
    assertThat(site.delete("/api/v1/rings/default/instances?unhealthy=true").body())
        .isEqualTo("{\"forgotten\":[]}\n");
    assertThat(site.delete("/api/v1/rings/default/instances").status()).isEqualTo(400);
  }

  @Test
  void versionThatHasChangedRefuses() {
    Response response =
        site.ask(
            "DELETE", "/api/v1/rings/default/instances/c", Map.of("if-match", "\"older\""), "");

    assertThat(response.status()).isEqualTo(412);
    assertThat(left()).contains("c");
  }

  @Test
  void anyOfSeveralVersionsWillDoButNoWeakOneAndNothingUnquoted() {
    String path = "/api/v1/rings/default/instances/c/read-only";
    String version = service.rings().get(0).ring().version();

    assertThat(put(path, "\"older\", \"" + version + "\"").status()).isEqualTo(204);
    assertThat(put(path, "*").status()).isEqualTo(204);
    assertThat(put(path, "W/\"" + version + "\"").status()).isEqualTo(412);
    assertThat(put(path, version).status()).isEqualTo(400);
    assertThat(put(path, "\"older\"").headers()).containsEntry("ETag", '"' + version + '"');
  }

  private Response put(String path, String match) {
    return site.ask("PUT", path, Map.of("if-match", match, "idempotency-key", "k"), "true\n");
  }

  @Test
  void readOnlyAndResigningBecomeChanges() {
    String path = "/api/v1/rings/default";
    service.with(service.rings().get(0).ring(), "a");

    assertThat(put(path + "/instances/c/read-only", "*").status()).isEqualTo(204);
    assertThat(put(path + "/instances/nobody/read-only", "*").status()).isEqualTo(404);
    assertThat(site.ask("PUT", path + "/instances/c/read-only", Map.of(), "yes").status())
        .isEqualTo(400);
    assertThat(site.ask("POST", path + "/leader/resign", Map.of(), "").body())
        .isEqualTo("{\"ring\":\"default\",\"resigned\":\"a\",\"epoch\":7}\n");
    assertThat(service.changes)
        .containsExactly(new Change.SetReadOnly("c", true), new Change.Resign("a", 7));
    assertThat(service.changeIds).containsExactly("k", "");
    service.with(service.rings().get(0).ring(), "nobody");
    Response none = site.ask("POST", path + "/leader/resign", Map.of(), "");
    assertThat(none.status()).isEqualTo(409);
    assertThat(none.body()).contains("/problems/no-leader");
  }

  @Test
  void changeNotSeenInTimeIsAGatewayTimeout() {
    service.forgetFailure =
        Optional.of(
            new java.util.concurrent.CompletionException(
                new java.util.concurrent.TimeoutException("4 s")));

    assertThat(site.form("/ring", "forget", "c").status()).isEqualTo(504);
    assertThat(site.delete("/api/v1/rings/default/instances/c").status()).isEqualTo(504);
  }

  @Test
  void ourPageTellsWhatBecameOfItOnEveryNode() {
    service.sightings.add(new Sighting("ring-2", true, List.of(), Duration.ofMillis(400)));
    service.sightings.add(new Sighting("ring-3", false, List.of(), Duration.ofSeconds(3)));

    Response response = site.form("/ring", "forget", "c", "from", "page");
    String location = String.valueOf(response.headers().get("Location"));

    assertThat(location).isEqualTo("/default/ring?done=1");
    assertThat(site.page(location).body())
        .contains("Forgot c: gone on 2 of 3 nodes after 0.4 s.")
        .contains("ring-2: gone after 0.4 s.")
        .contains("ring-3: no answer within 3.0 s");
    assertThat(site.page("/ring?done=99").body()).doesNotContain("Forgot");
  }

  @Test
  void oneThatIsBackIsNamed() {
    var before = service.rings().get(0).ring();
    String location = String.valueOf(post("b").headers().get("Location"));
    service.with(before, "a");

    assertThat(site.page(location).body()).contains("b is back: its process lives");
  }

  private Response post(String id) {
    return site.form("/ring", "forget", id, "typed", id, "from", "page");
  }

  @Test
  void selectedOnesAreAskedAboutAndHealthyOnesWarnedOf() {
    Response question =
        site.form("/ring", "ask", "selected", "select", "b", "select", "c", "expect", "unhealthy");

    assertThat(question.status()).isEqualTo(200);
    assertThat(question.body())
        .contains("Forget 2 instances?")
        .contains("1 of these 2 is healthy.")
        .contains("registered anew at once with the same tokens: b.")
        .contains("Type how many they are");
    assertThat(left()).hasSize(4);
    assertThat(site.form("/ring", "forget", "b", "forget", "c", "typed", "3").status())
        .isEqualTo(400);
    assertThat(left()).hasSize(4);
    site.form("/ring", "forget", "b", "forget", "c", "typed", "2");
    assertThat(left()).containsExactly("a", "d");
  }

  @Test
  void nothingSelectedIsABadRequest() {
    assertThat(site.form("/ring", "ask", "selected").status()).isEqualTo(400);
  }

  @Test
  void allUnhealthyAreNamedBeforeTheyAreForgotten() {
    String question = site.page("/ring?ask=unhealthy").body();

    assertThat(question)
        .contains("All 2 are unhealthy.")
        .contains("name=\"forget\" value=\"c\"")
        .contains("name=\"forget\" value=\"d\"")
        .contains("name=\"expect\" value=\"unhealthy\"")
        .doesNotContain("name=\"typed\"");
    site.form("/ring", "forget", "c", "forget", "d");
    assertThat(site.page("/ring?ask=unhealthy").status()).isEqualTo(409);
  }

  @Test
  void otherRingsThatListItAreOfferedAndOnlyUnhealthyOnesAreForgottenThere() {
    service.with(Views.ring("other", 3, "a:ACTIVE:10 c:ACTIVE:30 d:ACTIVE:5::dead"), "a");
    String question = site.page("/default/ring?ask=unhealthy").body();

    assertThat(question).contains("name=\"everywhere\"").contains("<bdi>other</bdi>");
    site.form(
        "/default/ring", "forget", "c", "forget", "d", "everywhere", "true", "expect", "unhealthy");
    assertThat(left()).containsExactly("a", "b");
    assertThat(service.rings().get(1).ring().instances().stream().map(Instance::id))
        .containsExactly("a", "c");
  }
}
