package io.ringdaemon.daemon.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogSetupTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @AfterAll
  static void quiet() {
    LogManager.getLogManager().reset();
  }

  @Test
  void aRecordIsALineWithTimeLevelAndLogger() {
    start(LogLevel.INFO, LogFormat.TEXT);

    LoggerFactory.getLogger("io.ringdaemon.ring.Ring").info("view published instance={}", "ring-1");

    assertThat(log())
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z info  Ring view published instance=ring-1\n");
  }

  @Test
  void textFromElsewhereCannotForgeALine() {
    start(LogLevel.INFO, LogFormat.TEXT);

    Logger.getLogger("a.B").info("id=x\n2026 error Forged \u001b[2J");

    assertThat(log()).endsWith("info  B id=x\\n2026 error Forged ?[2J\n").hasLineCount(1);
  }

  @Test
  void theLevelCanBeChangedAnyTime() {
    start(LogLevel.WARN, LogFormat.TEXT);
    Logger.getLogger("a.B").info("unseen");
    LogSetup.level(LogLevel.DEBUG);
    Logger.getLogger("a.B").fine("seen");

    assertThat(log()).endsWith("debug B seen\n").hasLineCount(1);
  }

  @Test
  void levelsBelowTheChosenOneAreSilent() {
    start(LogLevel.WARN, LogFormat.TEXT);

    Logger.getLogger("a.B").info("unseen");
    System.getLogger("a.C").log(System.Logger.Level.WARNING, "seen");

    assertThat(log()).endsWith("warn  C seen\n").hasLineCount(1);
  }

  @Test
  void scalecubeIsHeardOnlyWhenItFails() {
    start(LogLevel.DEBUG, LogFormat.TEXT);

    LoggerFactory.getLogger("io.scalecube.cluster.ClusterImpl").warn("unseen");
    LoggerFactory.getLogger("io.scalecube.cluster.ClusterImpl").error("seen");

    assertThat(log()).endsWith("error ClusterImpl seen\n").hasLineCount(1);
  }

  @Test
  void jsonIsOneObjectALine() {
    start(LogLevel.INFO, LogFormat.JSON);

    Logger.getLogger("a.B").log(Level.SEVERE, "say \"no\"\n", new IllegalStateException("why"));

    assertThat(log())
        .startsWith("{\"time\":\"20")
        .contains("\"level\":\"error\",\"logger\":\"B\",\"message\":\"say \\\"no\\\"\\u000a\"")
        .contains("\"error\":\"java.lang.IllegalStateException: why\"")
        .hasLineCount(1);
  }

  private void start(LogLevel level, LogFormat format) {
    LogSetup.start(level, format, new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  private String log() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
