package io.ringdaemon.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.EventStream;
import io.ringdaemon.web.http.Response;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PageStreamTest {
  private final FakeService service =
      new FakeService()
          .with(Views.ring("default", 3, "a:ACTIVE:1"), "a")
          .with(Views.ring("other", 3, "a:ACTIVE:1"), "a");
  private final Site site = new Site(service);
  private final List<EventStream.Event> heard = new CopyOnWriteArrayList<>();

  private Runnable listen(String target) {
    Response response = site.get(target);
    assertThat(response.headers()).containsEntry("Content-Type", "text/event-stream");
    return Objects.requireNonNull(response.stream()).open(heard::add);
  }

  private static String mark(String page) {
    return page.replaceAll("(?s).*data-mark=\"([^\"]*)\".*", "$1");
  }

  @Test
  void openPageHearsItsOwnMarkUntilTheRingChanges() {
    listen("/watch?ring=default");
    assertThat(heard.get(0).data()).isEqualTo(mark(site.page("/default/ring").body()));

    service.with(Views.ring("default", 3, "a:ACTIVE:1 b:JOINING:2"), "a");

    assertThat(heard).hasSize(2);
    assertThat(heard.get(1).data())
        .isNotEqualTo(heard.get(0).data())
        .isEqualTo(mark(site.page("/default/ring").body()));
  }

  @Test
  void pageOfTheNodeFollowsEveryRingAndTheMembers() {
    listen("/watch");
    assertThat(heard.get(0).data()).isEqualTo(mark(site.page("/").body()));
    String before = PageStream.mark(service, "");

    service.with(Views.ring("other", 3, "a:ACTIVE:1 b:JOINING:2"), "a");
    assertThat(heard).hasSize(2);
    service.members.add(
        new MemberStatus("m", Views.NOW, "", "dead", "", Views.NOW, Views.NOW, "", "", false));
    assertThat(PageStream.mark(service, "")).isNotIn(before, heard.get(1).data());
  }

  @Test
  void whoHasGoneWaitsForNothing() {
    Runnable stop = listen("/watch");
    assertThat(service.waiting()).isEqualTo(2);

    stop.run();

    assertThat(service.waiting()).isZero();
  }

  @Test
  void beatsThoughNothingChanges() throws InterruptedException {
    CountDownLatch twice = new CountDownLatch(2);
    Objects.requireNonNull(site.get("/watch?ring=default").stream())
        .open(
            event -> {
              heard.add(event);
              twice.countDown();
            });

    assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(heard.get(1)).isEqualTo(heard.get(0));
  }

  @Test
  void unknownRingIsNotFound() {
    assertThat(site.get("/watch?ring=nope").status()).isEqualTo(404);
  }
}
