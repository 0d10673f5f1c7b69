package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every option with another value than its default, there and back. */
class ConfigValuesTest {
  private static final String OTHER =
      """
      node_name: ring-7
      data_dir: /var/lib/ring
      server:
        http_listen_address: 10.0.0.9
        http_listen_port: 8980
        allow_insecure: true
        tls_cert_path: /etc/ring/http.pem
        tls_key_path: /etc/ring/http-key.pem
        tls_client_ca_path: /etc/ring/people-ca.pem
        auth_file: /etc/ring/http.auth
        log_level: debug
      memberlist:
        engine: memberlist
        bind_addr: 10.0.0.9
        bind_port: 8946
        advertise_addr: 203.0.113.9
        advertise_port: 9946
        allow_insecure: true
        join_members:
          - 10.0.0.1:7946
          - "[fd00::1]:7946"
          - dns+ring.example:7946
          - dnssrv+_ring._tcp.example
        cluster_label: blue
        rejoin_interval: 90s
        gossip_interval: 250ms
        gossip_nodes: 4
        pull_push_interval: 45s
        left_ingesters_timeout: 6m
        tombstone_retention: 72h
        cluster_label_verification_disabled: true
        tls_enabled: true
        tls_cert_path: /etc/ring/cert.pem
        tls_key_path: /etc/ring/key.pem
        tls_ca_path: "/etc/ring/ca.pem,/etc/ring/next-ca.pem"
        tls_server_name: ring.example
        tls_insecure_skip_verify: true
        tls_client_auth: want
        encryption_keys_file: /etc/ring/keys
        zone_aware_routing:
          enabled: true
          instance_availability_zone: zone-b
          role: bridge
      rings:
        admin-api:
          kvstore:
            store: etcd
            prefix: leaders/
            etcd:
              endpoints:
                - 10.0.0.2:2379
              dial_timeout: 5s
              max_retries: 5
              tls_enabled: true
              tls_cert_path: cert.pem
              tls_key_path: key.pem
              tls_ca_path: ca.pem
              tls_server_name: etcd.example
              tls_insecure_skip_verify: true
              tls_cipher_suites: TLS_AES_128_GCM_SHA256
              tls_min_version: VersionTLS13
              username: ring
              password: <hidden>
              request_timeout: 3s
            consul:
              host: 10.0.0.3:8500
              acl_token: <hidden>
              http_client_timeout: 30s
              consistent_reads: true
              watch_rate_limit: 2.5
              watch_burst_size: 3
              cas_retry_delay: 3s
              request_timeout: 3s
              tls_enabled: true
              tls_cert_path: cert.pem
              tls_key_path: key.pem
              tls_ca_path: ca.pem
              tls_server_name: consul.example
              tls_insecure_skip_verify: true
            multi:
              primary: etcd
              secondary: memberlist
              mirror_enabled: true
              mirror_timeout: 4s
          key: admin
          register: false
          num_tokens: 1
          tokens_observe_period: 7s
          heartbeat_period: 6s
          heartbeat_timeout: 2m
          replication_factor: 2
          zone_awareness_enabled: true
          instance_id: app-7
          instance_addr: app.example
          instance_port: 8080
          instance_zone: a
          auto_forget:
            enabled: false
            after: 20m
            foreign: true
          unregister_on_shutdown: false
          tokens_file_path: /var/lib/ring/tokens
          leader_election:
            enabled: false
            policy: oldest
            take_over_delay: 3s
            min_visible: 2
            on_leader_start:
              - command: [/bin/true, "7"]
                timeout: 3s
            on_leader_stop:
              - webhook: http://127.0.0.1:9000/stop
                retries: 0
          checks:
            - http: http://127.0.0.1:9000/ready
              interval: 1s
            - tcp: 127.0.0.1:9000
              timeout: 500ms
            - exec: [/bin/true]
              threshold: 2
              successes: 2
      partition_rings:
        p:
          ring: admin-api
      """;

  @TempDir Path directory;

  @Test
  void everyOptionIsReadAndReadsBack() {
    DaemonConfig config = ConfigFiles.read(directory, OTHER);

    assertThat(ConfigFiles.read(directory, ConfigText.whole(config))).isEqualTo(config);
    assertThat(ConfigFiles.read(directory, ConfigText.difference(config))).isEqualTo(config);
  }

  @Test
  void noOptionOfTheTestHasItsDefault() {
    DaemonConfig config = ConfigFiles.read(directory, OTHER);
    var same = new TreeSet<String>();

    collectEqual("", ConfigMapper.tree(config), ConfigMapper.tree(DaemonConfig.DEFAULTS), same);
    collectEqual(
        "ring.",
        ConfigMapper.tree(config.rings().get("admin-api")),
        ConfigMapper.tree(RingConfig.DEFAULTS),
        same);

    assertThat(same) // each excludes the option whose file it is
        .containsExactly("ring.kvstore.consul.acl_token_file", "ring.kvstore.etcd.password_file");
  }

  private static void collectEqual(
      String path, ObjectNode some, ObjectNode usual, Set<String> same) {
    some.forEachEntry(
        (name, value) -> {
          JsonNode other = usual.get(name);
          if (value instanceof ObjectNode inner && other instanceof ObjectNode usualInner) {
            collectEqual(path + name + ".", inner, usualInner, same);
          } else if (value.equals(other)) {
            same.add(path + name);
          }
        });
  }
}
