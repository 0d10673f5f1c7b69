package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.daemon.local.LogLevel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigChangeTest {
  @TempDir Path directory;

  @Test
  void nothingDiffers() {
    DaemonConfig config = read("");
    assertThat(ConfigChange.between(config, config))
        .isEqualTo(new ConfigChange(config, java.util.List.of(), java.util.List.of()));
  }

  @Test
  void someOptionsAreTakenUpAndTheOthersWait() {
    DaemonConfig running = read("memberlist: {join_members: ['127.0.0.1:1'], cluster_label: a}");
    DaemonConfig next =
        read(
            """
            data_dir: elsewhere
            server: {log_level: debug, http_listen_port: 1}
            memberlist: {join_members: ['127.0.0.1:2'], cluster_label: b, gossip_nodes: 5}
            rings: {api: {num_tokens: 1}}
            """);
    ConfigChange change = ConfigChange.between(running, next);
    assertThat(change.taken())
        .containsExactlyInAnyOrder(
            "server.log_level", "memberlist.join_members", "memberlist.cluster_label");
    assertThat(change.left())
        .containsExactlyInAnyOrder(
            "data_dir",
            "server.http_listen_port",
            "memberlist.gossip_nodes",
            "rings.default",
            "rings.api");
    DaemonConfig effective = change.effective();
    assertThat(effective.server().logLevel()).isEqualTo(LogLevel.DEBUG);
    assertThat(effective.memberlist().clusterLabel()).isEqualTo("b");
    assertThat(effective.memberlist().gossipNodes()).isEqualTo(3);
    assertThat(effective.dataDir()).isEqualTo(running.dataDir());
    assertThat(effective.rings()).isEqualTo(running.rings());
    assertThat(ConfigChange.between(effective, next).taken()).isEmpty();
  }

  @Test
  void filesOfTheSameProtectionAreTakenUpAndAnotherProtectionWaits() {
    DaemonConfig tls = read("memberlist: {tls_enabled: true, tls_cert_path: a, tls_ca_path: b}");
    DaemonConfig renewed =
        read("memberlist: {tls_enabled: true, tls_cert_path: c, tls_ca_path: 'b,d'}");
    DaemonConfig keys = read("memberlist: {encryption_keys_file: k}");
    assertThat(ConfigChange.between(tls, renewed).taken())
        .containsExactlyInAnyOrder("memberlist.tls_cert_path", "memberlist.tls_ca_path");
    ConfigChange other = ConfigChange.between(tls, keys);
    assertThat(other.taken()).isEmpty();
    assertThat(other.left()).contains("memberlist.tls_enabled", "memberlist.encryption_keys_file");
    assertThat(other.effective()).isEqualTo(tls);
  }

  @Test
  void certificatesOfHttpAreTakenUpWhereThereIsTlsAndAccountsAlways() {
    DaemonConfig plain = read("");
    DaemonConfig tls = read("server: {tls_cert_path: a, tls_key_path: b}");
    DaemonConfig renewed =
        read("server: {tls_cert_path: c, tls_key_path: d, tls_client_ca_path: e, auth_file: f}");
    assertThat(ConfigChange.between(tls, renewed).taken())
        .containsExactlyInAnyOrder(
            "server.tls_cert_path",
            "server.tls_key_path",
            "server.tls_client_ca_path",
            "server.auth_file");
    assertThat(ConfigChange.between(plain, renewed).taken()).containsExactly("server.auth_file");
  }

  private DaemonConfig read(String yaml) {
    return ConfigFiles.read(directory, yaml);
  }
}
