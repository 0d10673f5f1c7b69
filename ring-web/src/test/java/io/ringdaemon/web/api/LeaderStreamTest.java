package io.ringdaemon.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.EventStream;
import io.ringdaemon.web.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Changes of the leader as events. */
final class LeaderStreamTest {
  private static final String LINE = "a:ACTIVE:10 b:ACTIVE:20";
  private final FakeService service = new FakeService().with(Views.ring(LINE), "a");
  private final Site site = new Site(service);
  private final List<EventStream.Event> told = new ArrayList<>();

  private Runnable open(String lastId) {
    Response response =
        site.ask(
            "GET",
            "/api/v1/rings/default/leader",
            Map.of("accept", "text/event-stream", "last-event-id", lastId),
            "");
    return Objects.requireNonNull(response.stream()).open(told::add);
  }

  private List<String> ids() {
    return told.stream().map(EventStream.Event::id).toList();
  }

  @Test
  void theLeaderIsToldAtOnceAndEachTimeItIsAnother() {
    open("");
    service.with(Views.ring(LINE + " c:ACTIVE:30"), "a");
    service.with(Views.ring(LINE), "");
    service.with(Views.ring(LINE), "b");

    assertThat(ids()).containsExactly("7-a", "7-", "7-b");
    assertThat(told.get(0).name()).isEqualTo("leader");
    assertThat(told.get(0).data()).startsWith("{\"ring\":\"default\",\"leaderId\":\"a\"");
  }

  @Test
  void whoComesAgainIsToldOnlyWhatItHasNotHeard() {
    open("7-a");
    service.with(Views.ring(LINE), "b");

    assertThat(ids()).containsExactly("7-b");
  }

  @Test
  void whoGoesWaitsNoLonger() {
    Runnable close = open("");

    close.run();

    assertThat(service.waiting()).isZero();
  }

  @Test
  void aRingWithoutElectionHasNoStream() {
    service.with(Views.ring("bare", 3, ""));

    assertThat(
            site.ask("GET", "/api/v1/rings/bare/leader", Map.of("accept", "text/event-stream"), "")
                .status())
        .isEqualTo(404);
  }
}
