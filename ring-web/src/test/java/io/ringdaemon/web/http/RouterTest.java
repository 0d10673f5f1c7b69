package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.metrics.Metrics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class RouterTest {
  private final Router router =
      new Router(CsrfGuard.anyHost(), ErrorPage.plain(), Metrics.unseen(), System::nanoTime)
          .get("/", request -> Response.text(200, "root").now())
          .get("/ring", request -> Response.text(200, "first").now())
          .get("/{name}/ring", request -> Response.text(200, request.pathParam("name")).now())
          .get("/api/ring", request -> Response.text(200, "fixed").now())
          .post("/ring", request -> Response.text(200, request.form().all("a").toString()).now())
          .get("/broken", request -> unexpected())
          .get(
              "/late",
              request -> CompletableFuture.failedStage(new TimeoutException("nothing seen")));

  private static java.util.concurrent.CompletionStage<Response> unexpected() {
    throw new IllegalStateException("secret");
  }

  private Response ask(String method, String target) {
    return router
        .handle(Request.of(method, target, Map.of(), "", "1.2.3.4"))
        .toCompletableFuture()
        .join();
  }

  @Test
  void parametersAreDecodedAfterThePathIsSplit() {
    assertThat(ask("GET", "/a%2Fb%20c+d/ring").body()).isEqualTo("a/b c+d");
  }

  @Test
  void fixedSegmentGoesBeforeAParameter() {
    assertThat(ask("GET", "/api/ring").body()).isEqualTo("fixed");
    assertThat(ask("GET", "/other/ring/").body()).isEqualTo("other");
    assertThat(ask("GET", "/").body()).isEqualTo("root");
  }

  @Test
  void headGoesWhereGetGoes() {
    assertThat(ask("HEAD", "/ring").status()).isEqualTo(200);
  }

  @Test
  void otherMethodsAreToldWhatIsAllowed() {
    Response refused = ask("DELETE", "/ring");

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.headers()).containsEntry("Allow", "GET, HEAD, POST, OPTIONS");
    assertThat(ask("OPTIONS", "/ring").headers())
        .containsEntry("Allow", "GET, HEAD, POST, OPTIONS");
    assertThat(ask("OPTIONS", "*").status()).isEqualTo(204);
  }

  @Test
  void unknownPathsAndEmptyParametersAreNotFound() {
    assertThat(ask("GET", "/nothing").status()).isEqualTo(404);
    assertThat(ask("GET", "//ring").status()).isEqualTo(404);
  }

  @Test
  void malformedEscapeIsABadRequest() {
    assertThat(ask("GET", "/%zz/ring").status()).isEqualTo(400);
  }

  @Test
  void unexpectedFailureShowsNothingOfItself() {
    Response failed = ask("GET", "/broken");

    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.body()).doesNotContain("secret");
  }

  @Test
  void timeoutOfAChangeIsAGatewayTimeout() {
    assertThat(ask("GET", "/late").status()).isEqualTo(504);
  }

  @Test
  void formFieldsMayRepeat() {
    Map<String, String> type = Map.of("content-type", "application/x-www-form-urlencoded");
    Request request = Request.of("POST", "/ring", type, "a=1&b=2&a=%26+x", "1.2.3.4");

    assertThat(router.handle(request).toCompletableFuture().join().body()).isEqualTo("[1, & x]");
  }

  @Test
  void tooManyFieldsAreRefused() {
    Map<String, String> type = Map.of("content-type", "application/x-www-form-urlencoded");
    Request request = Request.of("POST", "/ring", type, "a&".repeat(20_001), "1.2.3.4");

    assertThat(router.handle(request).toCompletableFuture().join().status()).isEqualTo(400);
  }
}
