package io.ringdaemon.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.kv.MalformedValueException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnappyBlockTest {
  /** reference/ring-semantics.md 14.1: made by Go's encoder. */
  @Test
  void aBlockOfGosEncoderIsRead() {
    String block =
        "3b340a390a03692d3112320a0d31302e0102a0313a393039351080e2cfaa06320805ac02ffffffff0f3a067a6f6e652d614098dacfaa064a03692d31";
    String protobuf =
        "0a390a03692d3112320a0d31302e302e302e313a393039351080e2cfaa06320805ac02ffffffff0f3a067a6f6e652d614098dacfaa064a03692d31";
    assertThat(SnappyBlock.decompress(HexFormat.of().parseHex(block)))
        .isEqualTo(HexFormat.of().parseHex(protobuf));
  }

  @Test
  void emptyIsOneZeroByte() {
    assertThat(SnappyBlock.compress(new byte[0])).containsExactly(0);
    assertThat(SnappyBlock.decompress(new byte[] {0})).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 60, 100, 32_766, 32_767, 32_768, 65_536, 100_000, 1_000_000})
  void whatIsCompressedComesBackAtEverySize(int size) {
    SplittableRandom chance = new SplittableRandom(size);
    byte[] noise = new byte[size];
    chance.nextBytes(noise);
    byte[] text = new byte[size];
    for (int i = 0; i < size; i++) {
      text[i] = (byte) ("ring-" + i / 7).charAt(i % 5);
    }
    for (byte[] bytes : new byte[][] {noise, text, new byte[size]}) {
      assertThat(SnappyBlock.decompress(SnappyBlock.compress(bytes))).isEqualTo(bytes);
    }
    if (size > 1_000) {
      assertThat(SnappyBlock.compress(text).length).isLessThan(size / 2);
    }
  }

  @Test
  void aBlockThatClaimsToBeHugeIsRefusedBeforeAnythingIsAllocated() {
    byte[] huge = HexFormat.of().parseHex("ffffffff07" + "00");
    assertThatThrownBy(() -> SnappyBlock.decompress(huge))
        .isInstanceOf(MalformedValueException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void noBytesDoMoreThanAMalformedValue() {
    SplittableRandom chance = new SplittableRandom(5);
    byte[] good =
        SnappyBlock.compress(
            "ring ring ring ring ring daemon".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = Arrays.copyOf(good, 1 + chance.nextInt(good.length + 3));
      for (int j = 0; j < 3; j++) {
        bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt();
      }
      try {
        SnappyBlock.decompress(bytes);
      } catch (MalformedValueException expected) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
