package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.gossip.mesh.security.KeyRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCheckTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memberlist.engine=memberlist           | memberlist.engine: \"memberlist\" is not in this"
            + " build yet: use scalecube",
        "rings.a.kvstore.store=etcd             | rings.a.kvstore.etcd.endpoints: name at least"
            + " one, as HOST:PORT",
        "rings.a.kvstore={store: consul, prefix: /x/} | rings.a.kvstore.prefix: keys in Consul"
            + " don't begin with a slash: leave it out",
        "rings.a.kvstore.store=multi            | rings.a.kvstore.multi: name primary and"
            + " secondary: memberlist, etcd, consul or inmemory",
        "memberlist.zone_aware_routing.enabled=true | memberlist.zone_aware_routing.enabled: this"
            + " node has no zone: name it by"
            + " memberlist.zone_aware_routing.instance_availability_zone or a ring's instance_zone",
        "partition_rings.a={}                   | partition_rings: not in this build yet: leave it"
            + " out",
        "rings.a.leader_election.on_leader_start=[{command: [/no/such/hook]}] |"
            + " rings.a.leader_election.on_leader_start.0: /no/such/hook: no such command, or it"
            + " may not be run: give its whole path",
        "rings.a.checks=[{exec: [no-such-check]}] | rings.a.checks.0: no-such-check: no such"
            + " command, or it may not be run: give its whole path",
        "server.http_listen_address=0.0.0.0     | server.http_listen_address: 0.0.0.0 is beyond"
            + " loopback, and without credentials anybody there could change rings: name who may in"
            + " server.auth_file (docs/security.md), bind to 127.0.0.1, or accept that with"
            + " server.allow_insecure: true",
        "memberlist.bind_addr=10.0.0.9          | memberlist.bind_addr: 10.0.0.9 is beyond"
            + " loopback, and gossip has neither TLS nor keys: set memberlist.tls_enabled or"
            + " memberlist.encryption_keys_file, bind to 127.0.0.1, or accept that with"
            + " memberlist.allow_insecure: true",
        "memberlist.join_members=[10.0.0.1:7946] | memberlist.join_members: 10.0.0.1:7946 can't"
            + " reach back to gossip on 127.0.0.1: bind to an address of this host,"
            + " --bind=ADDRESS:7946 with TLS, keys, or --set memberlist.allow_insecure=true",
        "memberlist={tls_enabled: true, tls_client_auth: none} | memberlist.tls_enabled: needs"
            + " tls_cert_path and tls_key_path, this node's certificate and its key",
        "memberlist={tls_enabled: true, tls_cert_path: a, tls_key_path: b} |"
            + " memberlist.tls_ca_path: name the certificates of those who sign the nodes'"
            + " certificates, or anybody with a certificate may call; tls_client_auth: none accepts"
            + " that",
        "server.auth_file=/nowhere/accounts | server: /nowhere/accounts: no such file",
        "server.tls_key_path=a | server.tls_cert_path: TLS needs both tls_cert_path and"
            + " tls_key_path, a certificate and its key",
        "server.tls_client_ca_path=a | server.tls_client_ca_path: certificates of clients need TLS:"
            + " set tls_cert_path and tls_key_path, too",
        "server={tls_cert_path: /nowhere/cert, tls_key_path: /nowhere/key} | server: /nowhere/cert:"
            + " no such file",
        "memberlist.encryption_keys_file=/nowhere/keys | memberlist: /nowhere/keys: no such file"
      })
  void whatMustNotStartIsRefusedWithTheFix(String set, String problem) {
    DaemonConfig config = ConfigFiles.read(directory, "", set);

    assertThatThrownBy(() -> ConfigCheck.refuseUnstartable(config))
        .isInstanceOfSatisfying(
            ConfigException.class,
            refused -> assertThat(refused.problems()).containsExactly(problem));
  }

  @Test
  void keysBeyondLoopbackAreEnoughAndTheirFileIsRead() throws Exception {
    Path file = directory.resolve("keys");
    DaemonConfig config =
        ConfigFiles.read(
            directory,
            "",
            "memberlist.bind_addr=10.0.0.9",
            "memberlist.join_members=[10.0.0.1:7946]",
            "memberlist.encryption_keys_file=" + file);
    Files.writeString(file, "# ours\n" + KeyRing.generate(256, new SecureRandom()) + "\n");
    ConfigCheck.refuseUnstartable(config);
    Files.writeString(file, "# ours\n\nopen sesame\n");
    assertThatThrownBy(() -> ConfigCheck.refuseUnstartable(config))
        .hasMessage(
            "memberlist: "
                + file
                + ":3: expected a key in base64, as \"ring-daemon keygen\" prints it");
  }

  @Test
  void accountsBeyondLoopbackAreEnoughAndTheirFileIsRead() throws Exception {
    Path file = Files.writeString(directory.resolve("accounts"), "reader anonymous\n");
    DaemonConfig config =
        ConfigFiles.read(
            directory, "", "server.http_listen_address=0.0.0.0", "server.auth_file=" + file);
    ConfigCheck.refuseUnstartable(config);
    Files.writeString(file, "reader anonymous\nadmin token a 0123456789abcdef\n");
    assertThatThrownBy(() -> ConfigCheck.refuseUnstartable(config))
        .hasMessage("server: " + file + ":2: expected a role, reader or operator, first");
  }

  @Test
  void tlsAndKeysTogetherAreRefused() {
    DaemonConfig config =
        ConfigFiles.read(
            directory,
            "memberlist: {tls_enabled: true, tls_cert_path: a, tls_key_path: b, tls_ca_path: c,"
                + " encryption_keys_file: d}");
    assertThatThrownBy(() -> ConfigCheck.refuseUnstartable(config))
        .hasMessage(
            "memberlist.encryption_keys_file: TLS encrypts already: leave out one of the two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memberlist: {bind_addr: 0.0.0.0, allow_insecure: true, join_members: [10.0.0.1:7946]}",
        "memberlist: {bind_addr: 127.0.0.2, join_members: ['127.0.0.1:1', '[::1]:2',"
            + " 'localhost:3']}",
        "server: {http_listen_address: 0.0.0.0, allow_insecure: true}",
        "server: {http_listen_address: '::1'}",
        "rings: {a: {kvstore: {store: inmemory}}}",
        "rings: {a: {kvstore: {store: etcd, etcd: {endpoints: ['10.0.0.1:2379']}}}}",
        "rings: {a: {kvstore: {store: multi, multi: {primary: memberlist, secondary: inmemory}}}}",
        "rings: {a: {leader_election: {policy: oldest}}, b: {leader_election: {policy:"
            + " sticky-lowest-token}}}"
      })
  void whatIsMeantMayStart(String yaml) {
    ConfigCheck.refuseUnstartable(ConfigFiles.read(directory, yaml));
  }

  @Test
  void everyReasonIsTold() {
    DaemonConfig config =
        ConfigFiles.read(
            directory, "", "server.http_listen_address=0.0.0.0", "partition_rings.a={}");

    assertThatThrownBy(() -> ConfigCheck.refuseUnstartable(config))
        .isInstanceOfSatisfying(
            ConfigException.class, refused -> assertThat(refused.problems()).hasSize(2));
  }
}
