package io.ringdaemon.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.MessageStatus;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Response;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the members page says of gossip, and the deletion of keys. */
class GossipPageTest {
  private final FakeService service = new FakeService();
  private final Site site = new Site(service);

  @Test
  void delayAndMessagesAreShownAndAMessageCanBeRead() {
    service.gossip =
        Optional.of(
            new GossipStatus(
                60,
                0.0124,
                0.31,
                2,
                "zone-a",
                List.of(
                    new MessageStatus(
                        17, Views.NOW, false, "b", "updates", 99, List.of("k"), List.of("k")),
                    new MessageStatus(
                        16, Views.NOW, true, "b", "root", 11, List.of(), List.of()))));
    assertThat(site.page("/memberlist").body())
        .contains("takes 12 ms from another node")
        .contains("at most 310 ms")
        .contains("60 measurements")
        .contains("2 changes wait")
        .contains("/memberlist?viewMsg=17");
    assertThat(site.page("/memberlist?viewMsg=17").body()).contains("updates in words");
    assertThat(site.page("/memberlist?viewMsg=18").status()).isEqualTo(404);
    assertThat(site.page("/memberlist?viewMsg=x").status()).isEqualTo(400);
  }

  @Test
  void aKeyIsDeletedOnlyWhenItsNameWasTyped() {
    service.keys.add(new KeyStatus("collectors/old", "ringDesc", 1, 10, 3, 0, Views.NOW));
    assertThat(site.page("/memberlist?deleteKey=collectors%2Fold").body())
        .contains("with its 3 entries")
        .contains("Nodes that still use it");
    Response wrong = site.form("/memberlist", "deleteKey", "collectors/old", "typed", "collectors");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(service.keys).hasSize(1);
    Response done =
        site.form("/memberlist", "deleteKey", "collectors/old", "typed", "collectors/old");
    assertThat(done.status()).isEqualTo(302);
    assertThat(service.keys).isEmpty();
    assertThat(service.actors).hasSize(1);
    assertThat(site.form("/memberlist", "deleteKey", "collectors/old", "typed", "x").status())
        .isEqualTo(404);
  }
}
