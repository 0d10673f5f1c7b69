package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ring page of a running daemon in a real Chromium, where one is installed. */
@Tag("slow")
class RingPageIT {
  @TempDir Path folder;

  @BeforeAll
  static void needsChromium() {
    boolean installed =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, "chromium")));
    Assumptions.assumeTrue(
        installed, "skipped: Chromium (Debian package chromium) is not installed");
  }

  @Test
  void aPersonSeesTheVerdictTheLeaderAndTheCircle() throws Exception {
    try (Cluster cluster = Cluster.of(2, folder)) {
      cluster.settled(cluster.nodes, Duration.ofSeconds(40));
      Path picture = folder.resolve("ring.png");
      Process shot =
          new ProcessBuilder(
                  Path.of(System.getProperty("project.root"), "scripts/screenshot").toString(),
                  picture.toString(),
                  "http://127.0.0.1:" + cluster.nodes.get(0).httpPort + "/ring")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("shot.log").toFile())
              .start();
      assertThat(shot.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(shot.exitValue()).as(Files.readString(folder.resolve("shot.log"))).isZero();
      BufferedImage image = ImageIO.read(picture.toFile());
      assertThat(List.of(image.getWidth(), image.getHeight())).isEqualTo(List.of(1280, 900));
      Set<Integer> colours = new HashSet<>();
      for (int x = 0; x < image.getWidth(); x += 3) {
        for (int y = 0; y < image.getHeight(); y += 3) {
          colours.add(image.getRGB(x, y));
        }
      }
      assertThat(colours).as("a blank page has one colour").hasSizeGreaterThan(50);
    }
  }
}
