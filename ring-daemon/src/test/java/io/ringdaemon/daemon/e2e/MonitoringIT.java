package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringdaemon.daemon.process.ProcessGroup;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** docs/monitoring with promtool and a real Prometheus that scrapes real daemons. */
@Tag("slow")
class MonitoringIT {
  private static final Duration START = Duration.ofSeconds(90);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Path ROOT = Path.of(System.getProperty("project.root"));
  private static final Path DOCS = ROOT.resolve("docs/monitoring");
  private static final Pattern NAME =
      Pattern.compile("\\b(up|(ring|jvm|netty|process|kv|memberlist|lifecycler)_[a-z_]+)\\b");

  /** Only where a ring is kept by etcd or Consul, which EtcdIT and ConsulIT have. */
  private static final Set<String> OF_STORES =
      Set.of("ring_daemon_store_reachable", "ring_daemon_store_request_seconds_bucket");

  /** promtool would have other names; dashboards ask for these. */
  private static final Set<String> DSKITS_FAULTS =
      Set.of(
          "ring_tokens_total",
          "memberlist_client_kv_store_count",
          "memberlist_client_cluster_members_count");

  @TempDir Path folder;

  private record Ended(int code, String text) {}

  @BeforeEach
  void needsPrometheus() {
    assumeTrue(
        program("prometheus").isPresent() && program("promtool").isPresent(),
        "no prometheus and promtool here: apt-get install prometheus");
  }

  private static Optional<Path> program(String name) {
    return ProcessGroup.find(name, System.getenv("PATH") + ":/usr/sbin:/usr/local/bin");
  }

  private Ended promtool(String input, String... args) throws Exception {
    Path given = Files.writeString(folder.resolve("input"), input);
    Path told = folder.resolve("promtool.log");
    List<String> command = new ArrayList<>(List.of(program("promtool").orElseThrow().toString()));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command)
            .directory(DOCS.toFile())
            .redirectInput(given.toFile())
            .redirectErrorStream(true)
            .redirectOutput(told.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("promtool ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(told));
  }

  @Test
  void rulesAreGoodAndFireWhenTheyShould() throws Exception {
    Ended check = promtool("", "check", "rules", "alerts.yml");
    assertThat(check.code()).as(check.text()).isZero();
    Ended test = promtool("", "test", "rules", "alerts_test.yml");
    assertThat(test.code()).as(test.text()).isZero();
    String tests = Files.readString(DOCS.resolve("alerts_test.yml"));
    for (String alert : found("alert: (\\w+)", Files.readString(DOCS.resolve("alerts.yml")))) {
      assertThat(found("alertname: " + alert + "\\s+exp_(alerts)", tests))
          .as(alert + " is made to fire in alerts_test.yml")
          .isNotEmpty();
    }
  }

  @Test
  void prometheusFindsAllThatRulesAndDashboardAskFor() throws Exception {
    try (Cluster cluster = Cluster.of(2, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess node = cluster.nodes.get(0);
      node.page("/ring");
      lint(node.page("/metrics"));
      int port = DaemonProcess.freePort();
      Process prometheus = prometheus(cluster, port);
      try {
        Set<String> wanted = new TreeSet<>(named());
        wanted.removeAll(OF_STORES);
        cluster.until(
            START,
            "Prometheus has all of " + wanted + " but " + missing(port, wanted),
            () -> missing(port, wanted).isEmpty());
        cluster.until(START, "both are up", () -> value(port, "sum(up{job=\"ring-daemon\"})") == 2);
        assertThat(value(port, "max by (name) (ring_daemon_leader_known)")).isEqualTo(1);
        assertThat(value(port, "count(ring_daemon_gossip_delay_seconds_bucket)")).isPositive();
        for (String expression : expressions()) {
          assertThat(query(port, expression).path("status").asString(""))
              .as(expression)
              .isEqualTo("success");
        }
      } finally {
        prometheus.destroyForcibly();
      }
    }
  }

  /** Nothing but dskit's own names displeases promtool. */
  private void lint(String metrics) throws Exception {
    Ended lint = promtool(metrics, "check", "metrics");
    Set<String> displeasing = new HashSet<>(found("(?m)^(\\S+) ", lint.text()));
    displeasing.removeAll(DSKITS_FAULTS);
    assertThat(displeasing).as(lint.text()).isEmpty();
  }

  private Process prometheus(Cluster cluster, int port) throws IOException {
    List<String> targets = new ArrayList<>();
    cluster.nodes.forEach(node -> targets.add("'127.0.0.1:" + node.httpPort + "'"));
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['%s']
            scrape_configs:
              - job_name: ring-daemon
                static_configs: [{targets: %s}]
            """
                .formatted(DOCS.resolve("alerts.yml"), targets));
    return new ProcessBuilder(
            program("prometheus").orElseThrow().toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:" + port,
            "--log.level=warn")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
  }

  private static Set<String> missing(int port, Set<String> wanted) throws InterruptedException {
    Set<String> missing = new TreeSet<>();
    for (String name : wanted) {
      if (query(port, "count(" + name + ")").path("data").path("result").isEmpty()) {
        missing.add(name);
      }
    }
    return missing;
  }

  private static double value(int port, String expression) throws InterruptedException {
    JsonNode result = query(port, expression).path("data").path("result").path(0).path("value");
    return Double.parseDouble(result.path(1).asString("NaN"));
  }

  /** What Prometheus answers; an empty object while it can't be reached. */
  private static JsonNode query(int port, String expression) throws InterruptedException {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + encoded))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.body().startsWith("{")
          ? DaemonProcess.JSON.readTree(answer.body())
          : DaemonProcess.JSON.createObjectNode();
    } catch (IOException unreachable) {
      return DaemonProcess.JSON.createObjectNode();
    }
  }

  /** Every metric that rules and dashboard name. */
  private static Set<String> named() throws IOException {
    Set<String> names = new TreeSet<>();
    List<String> all = new ArrayList<>(expressions());
    all.addAll(found("expr: (.*)", Files.readString(DOCS.resolve("alerts.yml"))));
    for (String expression : all) {
      names.addAll(found(NAME.pattern(), expression.replaceAll("\"[^\"]*\"", "")));
    }
    assertThat(names).hasSizeGreaterThan(30);
    return names;
  }

  /** What the dashboard asks, its variables filled in. */
  private static List<String> expressions() throws IOException {
    JsonNode dashboard =
        DaemonProcess.JSON.readTree(Files.readString(DOCS.resolve("ring-daemon.json")));
    List<String> expressions = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        expressions.add(
            target.path("expr").asString("").replace("$job", ".*").replace("$ring", ".*"));
      }
    }
    assertThat(expressions).hasSizeGreaterThan(25);
    return expressions;
  }

  private static List<String> found(String pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
