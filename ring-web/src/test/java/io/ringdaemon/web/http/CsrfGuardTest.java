package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsrfGuardTest {
  private final CsrfGuard guard = CsrfGuard.anyHost();

  private static Request post(Map<String, String> headers) {
    return Request.of("POST", "/ring", headers, "", "1.2.3.4");
  }

  private static int status(CsrfGuard guard, Request request) {
    return guard.check(request).map(HttpProblem::status).orElse(200);
  }

  @Test
  void programThatSaysNothingPasses() {
    assertThat(status(guard, post(Map.of("host", "a:7980")))).isEqualTo(200);
  }

  @Test
  void ownPagePasses() {
    var headers =
        Map.of("host", "a:7980", "origin", "http://a:7980", "sec-fetch-site", "same-origin");

    assertThat(status(guard, post(headers))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "http://a:7981", "null", "http://a", "::%"})
  void foreignOriginIsRefused(String origin) {
    assertThat(status(guard, post(Map.of("host", "a:7980", "origin", origin)))).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void foreignSiteIsRefusedWithoutAnOriginToo(String site) {
    assertThat(status(guard, post(Map.of("host", "a:7980", "sec-fetch-site", site))))
        .isEqualTo(403);
  }

  @Test
  void foreignPageMayLook() {
    Request get =
        Request.of("GET", "/", Map.of("host", "a", "origin", "http://evil.example"), "", "1.2.3.4");

    assertThat(status(guard, get)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:7980", "127.0.0.1:7980", "[::1]:7980", "[::1]", "Ring-1:80", "RING-1"})
  void knownHostPasses(String host) {
    CsrfGuard strict = CsrfGuard.onlyHosts(Set.of("ring-1"));

    assertThat(status(strict, Request.of("GET", "/", Map.of("host", host), "", ""))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:7980", "127.0.0.1.evil.example"})
  void nameThatIsNotOursIsRefusedEvenForReading(String host) {
    CsrfGuard strict = CsrfGuard.onlyHosts(Set.of("ring-1"));

    assertThat(status(strict, Request.of("GET", "/", Map.of("host", host), "", ""))).isEqualTo(421);
  }
}
