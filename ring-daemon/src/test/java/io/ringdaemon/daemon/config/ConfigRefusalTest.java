package io.ringdaemon.daemon.config;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to write a wrong file, and what is said about it. */
class ConfigRefusalTest {
  @TempDir Path directory;

  static Stream<Arguments> problems() {
    return Stream.of(
        wrong("nodename: a", "1:1: nodename: unknown option, did you mean \"node_name\"?"),
        wrong(
            "rings:\n  a:\n    num_token: 4",
            "3:5: rings.a.num_token: unknown option, did you mean \"num_tokens\"?"),
        wrong(
            "server:\n  tls: {}",
            "2:3: server.tls: unknown option, expected allow_insecure, auth_file,"
                + " http_listen_address, http_listen_port, log_level, tls_cert_path,"
                + " tls_client_ca_path or tls_key_path"),
        wrong(
            "rings:\n  a:\n    leader_election:\n      on_leader_start:\n        - {comand: [x]}",
            "5:12: rings.a.leader_election.on_leader_start.0.comand: unknown option, did you mean"
                + " \"command\"?"),
        wrong(
            "rings:\n  a:\n    leader_election:\n      on_leader_stop:\n        - {timeout: 1s}",
            "5:11: rings.a.leader_election.on_leader_stop.0.command: expected either a command, a"
                + " list such as [/usr/bin/take, now], or a webhook, got \"neither\""),
        wrong(
            "rings: {a: {leader_election: {on_leader_start: [{webhook: ftp://x}]}}}",
            "1:50: rings.a.leader_election.on_leader_start.0.webhook: expected http://HOST… or"
                + " https://HOST…, without a password, got \"ftp://x\""),
        wrong(
            "rings: {a: {leader_election: {on_leader_start: [echo]}}}",
            "1:49: rings.a.leader_election.on_leader_start.0: expected a map, got the text"
                + " \"echo\""),
        wrong(
            "rings:\n  a:\n    checks:\n      - {http: 'http://a/', tcp: 'a:1'}",
            "4:10: rings.a.checks.0.http: expected exactly one of http, tcp and exec, got \"2 of"
                + " the three\""),
        wrong(
            "rings:\n  a:\n    checks:\n      - {tcp: 'a'}",
            "4:10: rings.a.checks.0.tcp: expected HOST:PORT, got \"a\""),
        wrong(
            "rings:\n  a:\n    checks:\n      - {tcp: 'a:1', interval: 1}",
            "4:22: rings.a.checks.0.interval: expected a duration such as 1m30s, 200ms or 48h, got"
                + " 1"),
        wrong("node_name: 5", "1:1: node_name: expected text, got 5 (put it in quotes)"),
        wrong("node_name: [a]", "1:1: node_name: expected text, got a list"),
        wrong(
            "node_name: a b",
            "1:1: node_name: expected a name of letters, digits, '.', '_' and '-', at most 254, got"
                + " \"a b\""),
        wrong("data_dir: \"\"", "1:1: data_dir: expected a directory, got \"\""),
        wrong("server: 5", "1:1: server: expected a map, got 5"),
        wrong(
            "server: {http_listen_port: http}",
            "1:10: server.http_listen_port: expected a whole number, got the text \"http\""),
        wrong(
            "server: {http_listen_port: \"80\"}",
            "1:10: server.http_listen_port: expected a whole number, got the text \"80\""),
        wrong(
            "server: {http_listen_port: 8.5}",
            "1:10: server.http_listen_port: expected a whole number, got 8.5"),
        wrong(
            "server: {http_listen_port: 65536}",
            "1:10: server.http_listen_port: expected a whole number from 0 to 65535, got 65536"),
        wrong(
            "server: {http_listen_port: 99999999999}",
            "1:10: server.http_listen_port: expected a whole number, got 99999999999"),
        wrong(
            "server: {http_listen_address: 1.2.3}",
            "1:10: server.http_listen_address: expected an address or a host name, got \"1.2.3\""),
        wrong(
            "server: {allow_insecure: yes}",
            "1:10: server.allow_insecure: expected true or false, got the text \"yes\""),
        wrong(
            "memberlist: {engine: scalcube}",
            "1:14: memberlist.engine: expected one of scalecube or memberlist, got the text"
                + " \"scalcube\", did you mean \"scalecube\"?"),
        wrong(
            "memberlist: {bind_addr: \"\"}",
            "1:14: memberlist.bind_addr: expected an address or a host name, got \"\""),
        wrong(
            "memberlist: {bind_port: -1}",
            "1:14: memberlist.bind_port: expected a whole number from 0 to 65535, got -1"),
        wrong(
            "memberlist: {advertise_addr: \"a b\"}",
            "1:14: memberlist.advertise_addr: expected an address or a host name, got \"a b\""),
        wrong(
            "memberlist: {advertise_port: 70000}",
            "1:14: memberlist.advertise_port: expected a whole number from 0 to 65535, got 70000"),
        wrong(
            "memberlist: {join_members: 10.0.0.1:7946}",
            "1:14: memberlist.join_members: expected a list, got the text \"10.0.0.1:7946\""),
        wrong(
            "memberlist:\n  join_members:\n    - a:1\n    - [b]",
            "4:7: memberlist.join_members.1: expected text, got a list"),
        wrong(
            "memberlist: {join_members: [10.0.0.1]}",
            "1:14: memberlist.join_members: expected HOST:PORT, dns+NAME:PORT or dnssrv+NAME for"
                + " each seed, got \"10.0.0.1\""),
        wrong(
            "memberlist: {gossip_interval: 200}",
            "1:14: memberlist.gossip_interval: expected a duration such as 1m30s, 200ms or 48h, got"
                + " 200"),
        wrong(
            "memberlist: {gossip_interval: soon}",
            "1:14: memberlist.gossip_interval: expected a duration such as 1m30s, 200ms or 48h, got"
                + " the text \"soon\""),
        wrong(
            "memberlist: {gossip_interval: 1ms}",
            "1:14: memberlist.gossip_interval: expected a duration from 10ms to 1m, got \"1ms\""),
        wrong(
            "memberlist: {rejoin_interval: -60s}",
            "1:14: memberlist.rejoin_interval: expected a duration from 1s to 24h, got \"-1m\""),
        wrong(
            "memberlist: {gossip_nodes: 0}",
            "1:14: memberlist.gossip_nodes: expected a whole number from 1 to 100, got 0"),
        wrong(
            "memberlist: {pull_push_interval: 0s}",
            "1:14: memberlist.pull_push_interval: expected a duration from 1s to 1h, got \"0s\""),
        wrong(
            "memberlist: {left_ingesters_timeout: 0}",
            "1:14: memberlist.left_ingesters_timeout: expected a duration from 1s to 8760h, got"
                + " \"0s\""),
        wrong(
            "memberlist: {tombstone_retention: 1s}",
            "1:14: memberlist.tombstone_retention: expected a duration from 1m to 8760h, got"
                + " \"1s\""),
        wrong("rings: [a]", "1:1: rings: expected a map, got a list"),
        wrong("rings: {a: 5}", "1:9: rings.a: expected a map, got 5"),
        wrong(
            "rings: {a/b: {}}",
            "1:9: rings.a/b: expected a ring's name of letters, digits, '.', '_' and '-', at most"
                + " 128, got \"a/b\""),
        wrong(
            "rings:\n  a: {}\n  b: {key: a}",
            "3:7: rings.b.key: expected a store and key of its own, but ring a is kept there too,"
                + " got \"collectors/a\""),
        wrong(
            "rings: {a: {kvstore: {store: zookeeper}}}",
            "1:23: rings.a.kvstore.store: expected one of memberlist, etcd, consul, inmemory or"
                + " multi, got the text \"zookeeper\""),
        wrong(
            "rings: {a: {kvstore: {etcd: {endpoints: [x]}}}}",
            "1:30: rings.a.kvstore.etcd.endpoints: expected HOST:PORT for each, got \"x\""),
        wrong(
            "rings: {a: {kvstore: {consul: {host: x}}}}",
            "1:32: rings.a.kvstore.consul.host: expected HOST:PORT, got \"x\""),
        wrong(
            "rings: {a: {num_tokens: 0}}",
            "1:13: rings.a.num_tokens: expected a whole number from 1 to 16384, got 0"),
        wrong(
            "rings: {a: {tokens_observe_period: -1s}}",
            "1:13: rings.a.tokens_observe_period: expected a duration from 0s to 1h, got \"-1s\""),
        wrong(
            "rings: {a: {heartbeat_period: 0}}",
            "1:13: rings.a.heartbeat_period: expected a duration from 100ms to 1h, got \"0s\""),
        wrong(
            "rings: {a: {heartbeat_timeout: 5s}}",
            "1:13: rings.a.heartbeat_timeout: expected more than heartbeat_period, which is 5s, got"
                + " \"5s\""),
        wrong(
            "rings: {a: {replication_factor: 0}}",
            "1:13: rings.a.replication_factor: expected a whole number from 1 to 100, got 0"),
        wrong(
            "rings: {a: {instance_port: 65536}}",
            "1:13: rings.a.instance_port: expected a whole number from 0 to 65535, got 65536"),
        wrong(
            "rings: {a: {auto_forget: {after: 0s}}}",
            "1:27: rings.a.auto_forget.after: expected a duration from 1s to 8760h, got \"0s\""),
        wrong(
            "rings: {a: {leader_election: {policy: lowest_token}}}",
            "1:31: rings.a.leader_election.policy: expected one of lowest-token,"
                + " sticky-lowest-token or oldest, got the text \"lowest_token\", did you mean"
                + " \"lowest-token\"?"),
        wrong(
            "admin_api: {leader_election: {enabled: 1}}",
            "1:31: admin_api.leader_election.enabled: expected true or false, got 1"),
        wrong(
            "admin_api: {leader_election: {rings: {}}}",
            "1:31: admin_api.leader_election.rings: unknown option, did you mean \"ring\"?"),
        wrong(
            "admin_api: {leader_election: {ring: {kvstore: {stor: etcd}}}}",
            "1:48: rings.admin-api.kvstore.stor: unknown option, did you mean \"store\"?"),
        wrong(
            "admin_api: {}\nrings: {admin-api: {}}",
            "1:1: admin_api: rings.admin-api defines the same ring: keep one of the two"),
        wrong("node_name: a\nnode_name: b", "2:1: node_name: written twice"),
        wrong(
            "node_name: &a x\ndata_dir: *a",
            "2:11: expected a value, got a YAML alias: write the value out"),
        wrong(
            "---\nnode_name: x\n---\nnode_name: y",
            "4:1: expected one YAML document, found another"),
        wrong("hello", "1:1: expected options as \"name: value\""),
        wrong(
            "a: [b\nc: d",
            "2:2: not YAML: while parsing a flow sequence, expected ',' or ']', but got :"));
  }

  private static Arguments wrong(String yaml, String problem) {
    return Arguments.of(yaml, "ring.yaml:" + problem);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void aWrongFileIsRefusedWithPlaceOptionAndExpectation(String yaml, String problem) {
    ConfigFiles.expectProblem(directory, problem, () -> ConfigFiles.read(directory, yaml));
  }

  @Test
  void deepNestingIsRefused() {
    String yaml = "a: " + "[".repeat(30) + "]".repeat(30);
    ConfigFiles.expectProblem(
        directory,
        "ring.yaml:1:24: nested more than 20 levels deep",
        () -> ConfigFiles.read(directory, yaml));
  }

  @Test
  void anAbsentFileIsRefused() {
    ConfigSources absent = ConfigSources.of(directory.resolve("absent.yaml"));
    ConfigFiles.expectProblem(
        directory, "absent.yaml: no such config file", () -> absent.resolve(java.util.Map.of()));
  }

  @Test
  void aDirectoryIsRefused() {
    ConfigSources folder = ConfigSources.of(directory.resolve("."));
    ConfigFiles.expectProblem(
        directory,
        ".: expected a file, this is a directory",
        () -> folder.resolve(java.util.Map.of()));
  }

  @Test
  void aHugeFileIsRefused() {
    String yaml = "# ".repeat(1 << 20);
    ConfigFiles.expectProblem(
        directory, "ring.yaml: expected at most 1 MiB", () -> ConfigFiles.read(directory, yaml));
  }

  @Test
  void aWrongSetNamesItself() {
    ConfigFiles.expectProblem(
        directory,
        "--set memberlist.gosip_nodes=4: memberlist.gosip_nodes: unknown option, did you mean"
            + " \"gossip_nodes\"?",
        () -> ConfigFiles.read(directory, "", "memberlist.gosip_nodes=4"));
    ConfigFiles.expectProblem(
        directory,
        "--set node_name: expected path.to.option=value",
        () -> ConfigFiles.read(directory, "", "node_name"));
  }
}
