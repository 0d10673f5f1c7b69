package io.ringdaemon.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.kv.Mergeable.Merged;
import io.ringdaemon.token.Tokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The vectors M1 to M15 of reference/ring-semantics.md 3.6, produced by dskit. Ours differ in three
 * ways, marked where they do: entries keep the tokens claimed, and who <i>owns</i> them is asked of
 * {@link TokenConflicts} (docs/decisions/0004), so conflicts resolve at once and whatever the
 * order; a tie of timestamps is decided by the entries' bytes, not by who was here first; a removal
 * is dated later than what it removes.
 */
class MergeTableTest {
  private static InstanceDesc entry(String text) {
    String[] parts = text.split("[:@=]", -1);
    long[] tokens =
        parts[3].isEmpty()
            ? new long[0]
            : Arrays.stream(parts[3].split(",", -1)).mapToLong(Long::parseLong).toArray();
    return InstanceDesc.of(parts[0], "", "")
        .withState(InstanceState.valueOf(parts[1]))
        .withTokens(Tokens.of(tokens))
        .withTimestamp(Long.parseLong(parts[2]), 0);
  }

  private static RingDesc ring(String text) {
    List<InstanceDesc> entries = new ArrayList<>();
    for (String one : text.split(" ", -1)) {
      if (!one.equals("empty")) {
        entries.add(entry(one));
      }
    }
    return RingDesc.of(entries);
  }

  /** Each entry with the tokens it owns. */
  private static String shown(RingDesc ring) {
    Map<String, Tokens> owned = TokenConflicts.owned(ring.entries());
    List<String> words = new ArrayList<>();
    for (InstanceDesc entry : ring.entries()) {
      String tokens =
          String.join(
              ",",
              owned
                  .getOrDefault(entry.id(), Tokens.NONE)
                  .longs()
                  .mapToObj(Long::toString)
                  .toList());
      words.add("%s:%s@%d=%s".formatted(entry.id(), entry.state(), entry.timestamp(), tokens));
    }
    return words.isEmpty() ? "empty" : String.join(" ", words);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "M1  | a:JOINING@100=10,20 b:ACTIVE@100=30 | a:ACTIVE@105=10,20 b:LEAVING@99=30 c:ACTIVE@101=40 | a:ACTIVE@105=10,20 b:ACTIVE@100=30 c:ACTIVE@101=40 | a c",
        // dskit keeps what it holds; here the greater bytes win (state before tokens), on both
        // sides.
        "M2  | a:ACTIVE@100=1 | a:LEAVING@100=1,2 | ACTIVE-OR-LEAVING | a",
        "M3  | a:ACTIVE@100=1 | a:LEFT@100=1 | a:LEFT@100= | a",
        "M4  | a:ACTIVE@100=1 | a:LEFT@99= | a:ACTIVE@100=1 | none",
        "M5  | a:LEFT@100= | a:ACTIVE@100=1 | a:LEFT@100= | none",
        "M5b | a:LEFT@100= | a:ACTIVE@101=1 | a:ACTIVE@101=1 | a",
        "M7  | a:ACTIVE@100=10,20 | b:ACTIVE@101=20,30 | a:ACTIVE@100=10,20 b:ACTIVE@101=30 | b",
        "M8  | b:ACTIVE@100=20,30 | a:ACTIVE@101=10,20 | a:ACTIVE@101=10,20 b:ACTIVE@100=30 | a",
        "M9  | a:LEAVING@100=10,20 | b:PENDING@101=20 | a:LEAVING@100=10 b:PENDING@101=20 | b",
        "M10 | a:LEAVING@100=20 | b:LEAVING@101=20 | a:LEAVING@100=20 b:LEAVING@101= | b",
        // dskit leaves the duplicate, for no token list changed; here nobody ever owns one twice.
        "M11 | a:ACTIVE@100=20 b:ACTIVE@100=20 | a:ACTIVE@101=20 | a:ACTIVE@101=20 b:ACTIVE@100= | a",
        "M12 | empty | a:ACTIVE@1=5,3,5,1 z:LEFT@1=9 | a:ACTIVE@1=1,3,5 z:LEFT@1= | a z",
        "M13 | empty | a:ACTIVE@0=5 b:LEFT@0= | b:LEFT@0= | b",
        "M15 | c:ACTIVE@100=7 a:LEAVING@100=7 | b:JOINING@101=7,8 | a:LEAVING@100= b:JOINING@101=7,8 c:ACTIVE@100= | b",
      })
  void merging(String name, String receiver, String other, String result, String changed) {
    Merged<RingDesc> merged = ring(receiver).merge(ring(other));
    if (name.equals("M2")) {
      assertThat(merged.value()).isEqualTo(ring(other).merge(ring(receiver)).value());
      return;
    }
    assertThat(shown(merged.value())).isEqualTo(result);
    assertThat(merged.change().map(change -> String.join(" ", change.content())).orElse("none"))
        .isEqualTo(changed);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // dskit dates the removal of b 120, before the entry's own 130.
        "M6  | a:ACTIVE@100=1 b:ACTIVE@130=2 c:LEFT@50= | a:ACTIVE@110=1 c:LEFT@50= | 120 | a:ACTIVE@110=1 b:LEFT@131= c:LEFT@50= | a b",
        // dskit: 150, which a node that holds a@200 ignores, so that a comes back.
        "M14 | a:ACTIVE@200=1 | empty | 150 | a:LEFT@201= | a",
      })
  void writing(String name, String before, String after, long now, String result, String changed) {
    RingDesc held = ring(before);
    RingDesc change = held.changeTo(ring(after), Instant.ofEpochSecond(now)).orElseThrow();
    assertThat(shown(held.merge(change).value())).isEqualTo(result);
    assertThat(String.join(" ", change.content())).isEqualTo(changed);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "M16 | a:ACTIVE@100=20 | b:ACTIVE@101=20,30 | a:LEFT@102= | a:LEFT@102= b:ACTIVE@101=20,30",
        "M17 | a:LEAVING@100=7 | b:ACTIVE@101=7 | b:LEAVING@103=7 | a:LEAVING@100=7 b:LEAVING@103=",
      })
  void whatIsNotAssociativeThereIsHere(String name, String a, String b, String c, String result) {
    RingDesc left = ring(a).merge(ring(b)).value().merge(ring(c)).value();
    RingDesc right = ring(a).merge(ring(b).merge(ring(c)).value()).value();
    assertThat(left).isEqualTo(right);
    assertThat(shown(left)).as(name).isEqualTo(result);
  }
}
