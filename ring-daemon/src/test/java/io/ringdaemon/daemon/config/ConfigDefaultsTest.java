package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigDefaultsTest {
  private static final String DEFAULTS =
      """
      node_name: ""
      data_dir: data
      server:
        http_listen_address: 127.0.0.1
        http_listen_port: 7980
        allow_insecure: false
        tls_cert_path: ""
        tls_key_path: ""
        tls_client_ca_path: ""
        auth_file: ""
        log_level: info
      memberlist:
        engine: scalecube
        bind_addr: 127.0.0.1
        bind_port: 7946
        advertise_addr: ""
        advertise_port: 0
        allow_insecure: false
        join_members: []
        cluster_label: ring-daemon
        rejoin_interval: 1m
        gossip_interval: 200ms
        gossip_nodes: 3
        pull_push_interval: 30s
        left_ingesters_timeout: 5m
        tombstone_retention: 48h
        cluster_label_verification_disabled: false
        tls_enabled: false
        tls_cert_path: ""
        tls_key_path: ""
        tls_ca_path: ""
        tls_server_name: ""
        tls_insecure_skip_verify: false
        tls_client_auth: require
        encryption_keys_file: ""
        zone_aware_routing:
          enabled: false
          instance_availability_zone: ""
          role: member
      rings:
        default:
          kvstore:
            store: memberlist
            prefix: collectors/
            etcd:
              endpoints: []
              dial_timeout: 10s
              max_retries: 10
              tls_enabled: false
              tls_cert_path: ""
              tls_key_path: ""
              tls_ca_path: ""
              tls_server_name: ""
              tls_insecure_skip_verify: false
              tls_cipher_suites: ""
              tls_min_version: ""
              username: ""
              password: ""
              password_file: ""
              request_timeout: 2s
            consul:
              host: localhost:8500
              acl_token: ""
              acl_token_file: ""
              http_client_timeout: 20s
              consistent_reads: false
              watch_rate_limit: 1.0
              watch_burst_size: 2
              cas_retry_delay: 1s
              request_timeout: 2s
              tls_enabled: false
              tls_cert_path: ""
              tls_key_path: ""
              tls_ca_path: ""
              tls_server_name: ""
              tls_insecure_skip_verify: false
            multi:
              primary: ""
              secondary: ""
              mirror_enabled: false
              mirror_timeout: 2s
          key: ""
          register: true
          num_tokens: 128
          tokens_observe_period: 5s
          heartbeat_period: 5s
          heartbeat_timeout: 1m
          replication_factor: 3
          zone_awareness_enabled: false
          instance_id: ""
          instance_addr: ""
          instance_port: 0
          instance_zone: ""
          auto_forget:
            enabled: true
            after: 10m
            foreign: false
          unregister_on_shutdown: true
          tokens_file_path: ""
          leader_election:
            enabled: true
            policy: lowest-token
            take_over_delay: 0s
            min_visible: 0
            on_leader_start: []
            on_leader_stop: []
          checks: []
      partition_rings: {}
      """;

  @Test
  void theDefaultsAreTheDocumentedOnes() {
    assertThat(ConfigText.whole(DaemonConfig.DEFAULTS)).isEqualTo(DEFAULTS);
  }

  @Test
  void nothingGivenMeansTheDefaultsAndTheHostName() {
    DaemonConfig config =
        new ConfigSources(Optional.empty(), false, List.of(), ShorthandFlags.NONE)
            .resolve(Map.of());

    assertThat(config).isEqualTo(DaemonConfig.DEFAULTS.withNodeName(HostName.read()));
    assertThat(config.nodeName()).isNotEmpty();
  }

  @Test
  void theDefaultsMayBeStarted() {
    ConfigCheck.refuseUnstartable(DaemonConfig.DEFAULTS);
  }
}
