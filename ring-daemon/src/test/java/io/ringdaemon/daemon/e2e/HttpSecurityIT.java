package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.security.TestCertificates;
import io.ringdaemon.gossip.mesh.security.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** https, accounts and the audit log of a real daemon, asked by real commands. */
@Tag("slow")
class HttpSecurityIT {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Path LAUNCHER =
      Path.of(System.getProperty("project.root")).resolve("scripts/ring-daemon");

  @TempDir Path folder;

  private record Ran(int code, String said) {
    void expect(int expected) {
      assertThat(code).as(said).isEqualTo(expected);
    }
  }

  private Ran run(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), said);
  }

  @Test
  void rolesHoldOverHttpsAndTheAuditLogSaysWhoDidWhatAndAccountsAreReadAnew() throws Exception {
    TestCertificates authority = new TestCertificates(folder, "ours");
    Tls tls = authority.tls("node");
    Path accounts = folder.resolve("http.auth");
    Files.writeString(
        accounts, "reader token looker looker-0123456789\noperator token boss boss-0123456789ab\n");
    Path looker = Files.writeString(folder.resolve("looker"), "looker-0123456789\n");
    Path boss = Files.writeString(folder.resolve("boss"), "boss-0123456789ab\n");
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node =
          cluster.add(
              "one",
              DaemonProcess.freePort(),
              List.of(
                  "--set=server.tls_cert_path=" + tls.certificate(),
                  "--set=server.tls_key_path=" + tls.key(),
                  "--set=server.auth_file=" + accounts));
      String url = "--url=https://127.0.0.1:" + node.httpPort;
      String ca = "--ca-file=" + authority.authority();
      String asLooker = "--token-file=" + looker;
      String asBoss = "--token-file=" + boss;
      cluster.until(
          START,
          "it is ACTIVE",
          () -> run("ring", "default", url, ca, asLooker).said.contains("ACTIVE"));

      run("rings", url, ca).expect(1);
      Ran refused = run("read-only", "default", "on", url, ca, asLooker);
      refused.expect(1);
      assertThat(refused.said).contains("looker may look").contains("operator");
      run("read-only", "default", "on", url, ca, asBoss).expect(0);
      run("forget", "default", "one", "--yes", url, ca, asBoss).expect(0);
      String log = Files.readString(node.log);
      assertThat(log)
          .contains("who=\"unknown\" role=none by=none from=127.0.0.1 what=\"PUT /api/v1/rings/")
          .contains(
              "who=\"boss\" role=operator by=token from=127.0.0.1 what=\"DELETE /api/v1/rings/")
          .doesNotContain("boss-0123456789ab");
      run("ring", "default", url, ca, asLooker).expect(0);

      Files.writeString(accounts, "operator token boss boss-0123456789ab\n");
      node.signal("HUP");
      cluster.until(START, "the reader is out", () -> run("rings", url, ca, asLooker).code == 1);
      run("rings", url, ca, asBoss).expect(0);
    }
  }
}
