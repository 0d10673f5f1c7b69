package io.ringdaemon.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.page.Finding.Level;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VerdictTest {
  private static final String WELL = "a:ACTIVE:10 b:ACTIVE:2000000000 c:ACTIVE:4000000000";

  private static Verdict of(FakeService service) {
    return Verdict.of(service.rings().get(0), service.node(), service.nanoTime());
  }

  private static Verdict led(String line) {
    return of(new FakeService().with(Views.ring(line), "a"));
  }

  @Test
  void wellRingSaysWhoLeads() {
    Verdict verdict = led(WELL);

    assertThat(verdict.findings()).hasSize(1);
    assertThat(verdict.first().level()).isEqualTo(Level.WELL);
    assertThat(verdict.first().what()).isEqualTo("All 3 instances are healthy. a leads.");
    assertThat(verdict.alarm()).isEmpty();
  }

  @Test
  void deadInstanceIsNamedWithReasonTimeEffectAndRemedy() {
    Verdict verdict = led(WELL.replace("c:ACTIVE:4000000000", "c:ACTIVE:4000000000::dead"));

    assertThat(verdict.first().level()).isEqualTo(Level.ALARM);
    assertThat(verdict.first().what())
        .isEqualTo("c has been dead since 08:57:00 UTC (3 min): its node stopped answering.");
    assertThat(verdict.first().effect()).contains("It owns 46.6 %");
    assertThat(verdict.first().todo()).contains("forget it");
    assertThat(verdict.alarm()).isEqualTo("1 dead");
  }

  @Test
  void nobodyLeadingComesFirst() {
    FakeService service =
        new FakeService().with(Views.ring(WELL + " d:ACTIVE:3000000000::suspected"), "nobody");

    assertThat(of(service).first().what()).isEqualTo("Nobody has led since 08:55:00 UTC (5 min).");
    assertThat(of(service).alarm()).isEqualTo("nobody leads, 1 suspect");
  }

  @Test
  void claimThatIsNoLongerConfirmedIsNoLeadership() {
    FakeService service = new FakeService().with(Views.ring(WELL), "a");
    service.nanoTime += 2_000_000;

    assertThat(of(service).alarm()).isEqualTo("nobody leads");
  }

  @Test
  void ringWithoutElectionMissesNoLeader() {
    Verdict verdict = of(new FakeService().with(Views.ring(WELL)));

    assertThat(verdict.first().what()).isEqualTo("All 3 instances are healthy.");
  }

  @Test
  void suspectIsAWarning() {
    Verdict verdict = led(WELL.replace("b:ACTIVE:2000000000", "b:ACTIVE:2000000000::suspected"));

    assertThat(verdict.first().level()).isEqualTo(Level.WARNING);
    assertThat(verdict.first().effect()).contains("can't lead");
  }

  @Test
  void fewerInstancesThanReplicasIsNotedButAQuorumLostIsAnAlarm() {
    assertThat(led("a:ACTIVE:10 b:ACTIVE:20").first().what())
        .isEqualTo("2 instances for a replication factor of 3.");
    Verdict one = led("a:ACTIVE:10");

    assertThat(one.first().level()).isEqualTo(Level.ALARM);
    assertThat(one.first().what())
        .isEqualTo("1 instance can serve writes; replication factor 3 needs 2.");
  }

  @Test
  void shareOfKeysWithoutQuorumIsNamed() {
    Verdict verdict =
        led(
            "a:ACTIVE:500000000 b:ACTIVE:1000000000 c:ACTIVE:2000000000::dead"
                + " d:ACTIVE:3000000000::dead");

    assertThat(verdict.first().what()).matches("About .* % of the keys have no quorum of 2.*");
  }

  @Test
  void clockOffIsNamed() {
    Verdict verdict = led(WELL.replace("b:ACTIVE:2000000000", "b:ACTIVE:2000000000::ahead"));

    assertThat(verdict.first().what()).startsWith("The clock of b is not");
    assertThat(verdict.alarm()).isEqualTo("clock wrong");
  }

  @Test
  void alertsOfRingAndNodeAreAlarms() {
    FakeService service = new FakeService();
    service.put(Views.ring(WELL), Optional.empty(), List.of(), "two nodes are called ring-1");
    service.alerts.add("data_dir is full");

    assertThat(of(service).findings())
        .extracting(Finding::what)
        .containsExactly("two nodes are called ring-1", "This node: data_dir is full");
  }

  @Test
  void joiningAndLeavingAreNoticesWithoutAlarm() {
    Verdict verdict = led(WELL + " d:JOINING:77 e:LEAVING:99");

    assertThat(verdict.alarm()).isEmpty();
    assertThat(verdict.findings())
        .extracting(Finding::what)
        .containsExactly("e is LEAVING.", "d is JOINING.");
  }

  @Test
  void emptyRingSaysSo() {
    Ring empty = Views.ring("");

    assertThat(of(new FakeService().with(empty, "")).first().what()).contains("empty");
  }
}
