package io.ringdaemon.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.EventStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The stream of what happens in a ring. */
final class RingEventsTest {
  private final FakeService service = new FakeService();
  private final Site site = new Site(service);
  private final Ring ring = Views.ring("a:ACTIVE:10 b:ACTIVE:20");

  private static RingStatus.Event event(int second, String text) {
    return new RingStatus.Event(Views.NOW.plusSeconds(second), "state", "a", text);
  }

  private List<EventStream.Event> listen(String lastId) {
    List<EventStream.Event> heard = new ArrayList<>();
    EventStream stream =
        site
            .ask(
                "GET",
                "/api/v1/rings/default/events",
                Map.of("accept", "text/event-stream", "last-event-id", lastId),
                "")
            .stream();
    assertThat(stream).isNotNull();
    stream.open(heard::add);
    return heard;
  }

  private static List<String> texts(List<EventStream.Event> heard) {
    return heard.stream()
        .filter(one -> one.name().equals("event"))
        .map(EventStream.Event::data)
        .toList();
  }

  @Test
  void whatHappenedBeforeComesFirstThenWhatFollows() {
    service.put(ring, Optional.empty(), List.of(event(2, "second"), event(1, "first")));
    List<EventStream.Event> heard = listen("");
    service.put(
        Views.ring("a:ACTIVE:10"),
        Optional.empty(),
        List.of(event(3, "third"), event(2, "second"), event(1, "first")));

    assertThat(heard)
        .extracting(EventStream.Event::name)
        .containsExactly("event", "event", "ring", "event", "ring");
    assertThat(texts(heard).toString()).containsSubsequence("first", "second", "third");
    assertThat(heard.get(4).data()).contains("\"instances\":1");
  }

  @Test
  void whoComesAgainHearsOnlyWhatItMissed() {
    List<RingStatus.Event> events =
        List.of(event(2, "third"), event(2, "second"), event(1, "first"));
    service.put(ring, Optional.empty(), events);

    assertThat(texts(listen(RingEvents.id(events.get(1)))))
        .hasSize(1)
        .first()
        .asString()
        .contains("third");
    assertThat(texts(listen(RingEvents.id(events.get(0))))).isEmpty();
    assertThat(texts(listen(Views.NOW.plusSeconds(2).toEpochMilli() + "-00000000"))).hasSize(2);
    assertThat(texts(listen("nonsense"))).hasSize(3);
  }

  @Test
  void ringIsNotToldTwiceWhenNothingInItsSummaryChanged() {
    service.put(ring, Optional.empty(), List.of());
    List<EventStream.Event> heard = listen("");
    service.put(ring, Optional.empty(), List.of(event(1, "first")));

    assertThat(heard).extracting(EventStream.Event::name).containsExactly("ring", "event");
  }
}
