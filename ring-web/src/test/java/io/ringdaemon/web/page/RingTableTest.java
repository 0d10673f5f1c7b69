package io.ringdaemon.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Params;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RingTableTest {
  private static final Ring RING =
      Views.ring(
          "a:ACTIVE:4000000000:z2 b:LEAVING:1,2:z1 c:ACTIVE:3::dead d:JOINING:7,8,9:z1:suspected");

  private static RingTable table(String query) {
    FakeService service = new FakeService().with(RING, "a");
    RingStatus status = service.rings().get(0);
    return RingTable.of(
        RING,
        RingQuery.of(Params.parse(query)),
        RingContext.of(status, service.node(), service.nanoTime()));
  }

  private static List<String> ids(String query) {
    return table(query).rows().stream().map(InstanceRow::id).toList();
  }

  @Test
  void filtersByZoneStateHealthAndTextTogether() {
    assertThat(ids("zone=z1")).containsExactly("b", "d");
    assertThat(ids("zone=-")).containsExactly("c");
    assertThat(ids("state=LEAVING")).containsExactly("b");
    assertThat(ids("health=dead")).containsExactly("c");
    assertThat(ids("health=suspect")).containsExactly("d");
    assertThat(ids("health=unwell")).containsExactly("c", "d");
    assertThat(ids("health=unwell&zone=z1")).containsExactly("d");
    assertThat(ids("q=10.0.0")).hasSize(4);
    assertThat(ids("q=c&health=healthy")).isEmpty();
  }

  @Test
  void sortsByEveryColumnUpAndDown() {
    assertThat(ids("sort=-id")).containsExactly("d", "c", "b", "a");
    assertThat(ids("sort=zone")).containsExactly("c", "b", "d", "a");
    assertThat(ids("sort=-tokens")).containsExactly("d", "b", "a", "c");
    assertThat(ids("sort=-share")).startsWith("a");
    assertThat(ids("sort=health")).containsExactly("c", "d", "a", "b");
    assertThat(ids("sort=heartbeat")).endsWith("c");
    assertThat(ids("sort=nonsense")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void addressOfAHeadTurnsTheOrderAndKeepsTheFilter() {
    RingTable table = table("zone=z1&sort=id&page=3");

    assertThat(table.columns().get(0).href()).isEqualTo("?zone=z1&sort=-id");
    assertThat(table.columns().get(0).sorted()).isEqualTo("ascending");
    assertThat(table.columns().get(1).href()).isEqualTo("?zone=z1&sort=zone");
    assertThat(table.columns().get(1).sorted()).isNull();
  }

  @Test
  void chipsCountEverybodyAndKeepTheZone() {
    assertThat(table("zone=z1").chips())
        .extracting(RingTable.Chip::text)
        .containsExactly(
            "4 in all", "2 healthy", "1 suspect", "1 dead", "2 ACTIVE", "1 LEAVING", "1 JOINING");
    assertThat(table("zone=z1").chips().get(3).href()).isEqualTo("?zone=z1&health=dead");
  }
}
