package io.ringdaemon.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.MessageStatus;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Health, configuration, a key, an instance, and rings too large to be drawn. */
final class MorePagesTest {
  private final FakeService service =
      new FakeService()
          .with(
              Views.ring("a:ACTIVE:1000000000 b:ACTIVE:2000000000:z c:ACTIVE:4000000000::dead"),
              "a");
  private final Site site = new Site(service);

  @Test
  void healthNamesWhatIsWrongItsEffectAndWhatToDo() {
    service.notReady.add("ring default: instance a is JOINING");
    service.alerts.add("the disk is full");

    assertThat(site.page("/health").body())
        .contains("<title>(3 wrong) Health")
        .contains("c has been dead since")
        .contains("the next owners answer for them.")
        .contains("Restart it, or forget it")
        .contains("Not ready: ring default: instance a is JOINING.")
        .contains("the disk is full");
  }

  @Test
  void healthyNodeSaysWhatWasLookedAt() {
    FakeService well = new FakeService().with(Views.ring("a:ACTIVE:1 b:ACTIVE:2 c:ACTIVE:3"), "a");
    well.gossip = Optional.of(new GossipStatus(9, 0.01, 0.02, 0, "", List.of()));

    assertThat(new Site(well).page("/health").body())
        .contains("Nothing is wrong, as far as this node sees.")
        .contains("All 3 instances are healthy.")
        .contains("99 of 100 at most 20 ms");
  }

  @Test
  void slowGossipAndDisagreementsAreWrong() {
    service.gossip = Optional.of(new GossipStatus(9, 0.5, 7.5, 0, "", List.of()));
    service.members.add(
        new MemberStatus("m", Views.NOW, "", "dead", "", Views.NOW, Views.NOW, "", "", false));

    assertThat(site.page("/health").body())
        .contains("took longer than 7.5 s")
        .contains("m is dead.");
  }

  @Test
  void configurationIsAPageForBrowsersAndYamlForPrograms() {
    assertThat(site.page("/config").body())
        .contains("What differs from the defaults")
        .contains("node_name: ring-1");
    assertThat(site.get("/config").body()).isEqualTo("node_name: ring-1\n");
    service.configuration = "{}\n";
    assertThat(site.page("/config").body()).contains("every option has its default");
  }

  @Test
  void keyShowsItsValueAndWhoChangedIt() {
    service.keys.add(new KeyStatus("collectors/default", "ringDesc", 12, 900, 3, 1, Views.NOW));
    service.gossip =
        Optional.of(
            new GossipStatus(
                1,
                0.1,
                0.1,
                0,
                "",
                List.of(message(1, "ring-2", "collectors/default"), message(2, "ring-3", "else"))));

    assertThat(site.page("/memberlist?viewKey=collectors/default").body())
        .contains("Version here</dt><dd><bdi>12")
        .contains("from <b><bdi>ring-2</bdi></b>")
        .doesNotContain("ring-3")
        .contains("a ACTIVE")
        .contains("/default/ring#events-title");
    assertThat(site.get("/memberlist?viewKey=collectors/default").body()).isEqualTo("a ACTIVE\n");
    assertThat(site.page("/memberlist?viewKey=collectors/default&format=text").body())
        .isEqualTo("a ACTIVE\n");
  }

  private static MessageStatus message(long id, String peer, String changed) {
    return new MessageStatus(
        id, Views.NOW, false, peer, "updates", 90, List.of(changed), List.of(changed));
  }

  @Test
  void instanceShowsItsRangesAndWhatItSaysOfItself() {
    assertThat(site.page("/ring?instance=b").body())
        .contains("Registered</dt><dd><bdi>3 h ago, 2026-11-21 06:00:00 UTC")
        .contains("ring-daemon 1")
        .contains("1 ranges")
        .contains("1,000,000,000")
        .contains("1,999,999,999")
        .contains("Read-only</dt><dd><bdi>no");
    assertThat(site.page("/ring?instance=nobody").status()).isEqualTo(404);
  }

  @Test
  void circleIsDrawnByZoneOnDemand() {
    assertThat(site.page("/ring").body())
        .contains("B: b, keys 1,000,000,000 to 2,000,000,000 (23.3 %)")
        .contains("?by=zone");
    assertThat(site.page("/ring?by=zone").body())
        .contains("B: b in z, keys 1,000,000,000")
        .contains("Draw it by instance");
  }

  @Test
  void largeRingIsTableOfZonesWithCountsAsLinksAndTheGreatestOwners() {
    List<Instance> many = new ArrayList<>(Views.many("pod", 300, 16, "z1", "z2", "z3"));
    for (int i = 0; i < 30; i++) {
      Instance one = many.get(i * 3);
      many.set(
          i * 3, Views.instance(one.id(), InstanceState.ACTIVE, one.owned(), one.zone(), "dead"));
    }
    String page =
        new Site(new FakeService().with(Views.ring("default", 3, many), "pod-0002"))
            .page("/ring")
            .body();

    assertThat(page)
        .contains("30 of 300 instances are dead: 30 of 100 in z2.")
        .contains("?zone=z2&amp;health=unwell")
        .contains("?zone=z1&amp;state=ACTIVE")
        .contains("Own most")
        .contains("and 10 more")
        .contains("Forget all 30 unhealthy…")
        .doesNotContain("class=\"circle\"");
  }
}
