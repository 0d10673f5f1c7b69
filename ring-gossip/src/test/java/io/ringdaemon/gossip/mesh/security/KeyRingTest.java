package io.ringdaemon.gossip.mesh.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final Path FILE = Path.of("keys");
  private static final SecureRandom CHANCE = new SecureRandom();
  private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {128, 192, 256})
  void whatIsGeneratedCanBeReadAndIsNeverTheSame(int bits) throws SecretFileException {
    String one = KeyRing.generate(bits, CHANCE);
    String two = KeyRing.generate(bits, CHANCE);
    KeyRing ring = KeyRing.parse(FILE, one + "\n" + two + "\n");
    assertThat(ring.all()).hasSize(2);
    assertThat(ring.first().bytes()).hasSize(bits / 8);
    assertThat(ring.toString()).doesNotContain(one).doesNotContain(two);
  }

  @Test
  void commentsAndEmptyLinesAreIgnoredAndTheFirstKeySeals() throws SecretFileException {
    KeyRing ring =
        KeyRing.parse(FILE, "# since May\n\n  " + KEY + "  # old\r\n" + generated() + "\n");
    assertThat(ring.all()).hasSize(2);
    assertThat(ring.first()).isEqualTo(KeyRing.parse(FILE, KEY).first());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'# nothing'          | keys: holds no key",
        "'\nsecret!'          | keys:2: expected a key in base64",
        "c2VjcmV0LXNlY3JldA== | keys:1: expected a key of 16, 24 or 32 bytes in base64, this one has 13"
      })
  void whatIsNoKeyIsRefusedByLineAndNotRepeated(String text, String problem) {
    assertThatThrownBy(() -> KeyRing.parse(FILE, text))
        .isInstanceOf(SecretFileException.class)
        .hasMessageStartingWith(problem)
        .message()
        .doesNotContain("secret!", "c2VjcmV0");
  }

  @Test
  void theSameKeyTwiceAndTooManyAreRefused() {
    assertThatThrownBy(() -> KeyRing.parse(FILE, KEY + "\n\n" + KEY))
        .hasMessage("keys:3: the same key as key 1: remove one of them");
    String many =
        IntStream.rangeClosed(0, KeyRing.MOST)
            .mapToObj(i -> generated())
            .collect(Collectors.joining("\n"));
    assertThatThrownBy(() -> KeyRing.parse(FILE, many))
        .hasMessage("keys:17: expected at most 16 keys");
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws Exception {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> KeyRing.read(absent)).hasMessage(absent + ": no such file");
    assertThatThrownBy(() -> KeyRing.read(folder))
        .hasMessage(folder + ": expected a file, this is a directory");
    Path large = folder.resolve("large");
    Files.write(large, new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> KeyRing.read(large)).hasMessage(large + ": expected at most 1 MiB");
  }

  private static String generated() {
    return KeyRing.generate(256, CHANCE);
  }
}
