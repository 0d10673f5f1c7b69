package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.daemon.local.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourcesTest {
  @TempDir Path directory;

  @Test
  void setBeatsFileAndFlagsBeatSet() {
    ConfigSources file =
        ConfigFiles.sources(
            directory, "node_name: file\ndata_dir: file\nserver: {http_listen_port: 1}", false);
    var flags =
        new ShorthandFlags(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.of("127.0.0.1:3"),
            Optional.empty());
    var sets = List.of("data_dir=set", "server.http_listen_port=2");

    DaemonConfig config = new ConfigSources(file.file(), false, sets, flags).resolve(Map.of());

    assertThat(config.nodeName()).isEqualTo("file");
    assertThat(config.dataDir()).isEqualTo("set");
    assertThat(config.server().httpListenPort()).isEqualTo(3);
  }

  @Test
  void everyFlagStandsForItsOptions() {
    var flags =
        new ShorthandFlags(
            Optional.of("n"),
            Optional.of("[::1]:1"),
            Optional.of("host:2"),
            List.of("a:1", "dns+b:2"),
            Optional.of("localhost:3"),
            Optional.of("d"));

    DaemonConfig config =
        new ConfigSources(Optional.empty(), false, List.of(), flags).resolve(Map.of());

    assertThat(config.nodeName()).isEqualTo("n");
    assertThat(config.dataDir()).isEqualTo("d");
    assertThat(config.server())
        .isEqualTo(new ServerConfig("localhost", 3, false, "", "", "", "", LogLevel.INFO));
    MemberlistConfig gossip = config.memberlist();
    assertThat(gossip.bindAddr() + " " + gossip.bindPort()).isEqualTo("::1 1");
    assertThat(gossip.advertiseAddr() + " " + gossip.advertisePort()).isEqualTo("host 2");
    assertThat(gossip.joinMembers()).containsExactly("a:1", "dns+b:2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"7946", "host:", ":7946", "host:x", "host:70000", "::1:7946", "[host]:1", "a b:1"})
  void aFlagThatIsNoAddressIsRefused(String bind) {
    var flags =
        new ShorthandFlags(
            Optional.empty(),
            Optional.of(bind),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    ConfigFiles.expectProblem(
        directory,
        "--bind=" + bind + ": expected HOST:PORT, as in --bind=127.0.0.1:7946",
        () -> new ConfigSources(Optional.empty(), false, List.of(), flags).resolve(Map.of()));
  }

  @Test
  void namedRingsReplaceTheDefaultOneAndKeepTheirOrder() {
    DaemonConfig config =
        ConfigFiles.read(directory, "rings: {z: {num_tokens: 1}, a: }", "rings.\"m.n\".key=k");

    assertThat(config.rings().keySet()).containsExactly("z", "a", "m.n");
    assertThat(config.rings().get("z").numTokens()).isEqualTo(1);
    assertThat(config.rings().get("a")).isEqualTo(RingConfig.DEFAULTS);
    assertThat(config.rings().get("m.n").storeKey("m.n")).isEqualTo("collectors/k");
  }

  @Test
  void theDefaultRingMayBeNamed() {
    DaemonConfig config = ConfigFiles.read(directory, "", "rings.default.num_tokens=3");

    assertThat(config.rings()).containsOnlyKeys("default");
    assertThat(config.rings().get("default").numTokens()).isEqualTo(3);
  }

  @Test
  void anOptionWithoutValueIsAsIfUnwritten() {
    assertThat(ConfigFiles.read(directory, "data_dir:\nrings:\nserver:\n").dataDir())
        .isEqualTo("data");
  }

  @Test
  void theBlockOfGetDefinesTheAdminApiRing() {
    String yaml =
        """
        admin_api:
          leader_election:
            enabled: true
            ring:
              kvstore: {store: inmemory}
              tokens_observe_period: 9s
        """;

    RingConfig ring = ConfigFiles.read(directory, yaml).rings().get("admin-api");

    assertThat(ring.kvstore().store()).isEqualTo(KvStoreConfig.Store.INMEMORY);
    assertThat(ring.tokensObservePeriod()).isEqualTo(Duration.ofSeconds(9));
    assertThat(ring.numTokens()).isEqualTo(1);
    assertThat(ring.storeKey("admin-api")).isEqualTo("collectors/admin-api");
  }

  @Test
  void theBlockOfGetSwitchedOffDefinesNothing() {
    DaemonConfig config =
        ConfigFiles.read(directory, "admin_api: {leader_election: {enabled: false}}");

    assertThat(config.rings()).containsOnlyKeys("default");
  }

  @Test
  void variablesAreExpandedOnlyWhenAskedFor() {
    String yaml =
        "# ${NOT_SET}\ndata_dir: ${DIR}\ncluster: x\n"
            .replace("cluster: x\n", "node_name: ${NAME:n-1}\n");

    DaemonConfig expanded =
        ConfigFiles.sources(directory, yaml, true).resolve(Map.of("DIR", "a$1\\b"));

    assertThat(expanded.dataDir()).isEqualTo("a$1\\b");
    assertThat(expanded.nodeName()).isEqualTo("n-1");
    assertThat(ConfigFiles.read(directory, "data_dir: ${DIR}").dataDir()).isEqualTo("${DIR}");
  }

  @Test
  void anUnsetVariableIsRefused() {
    ConfigFiles.expectProblem(
        directory,
        "ring.yaml:2:11: environment variable DIR is not set: set it or write ${DIR:default}",
        () -> ConfigFiles.sources(directory, "\ndata_dir: ${DIR}", true).resolve(Map.of()));
  }
}
