package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
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
        "memberlist.engine=memberlist           | memberlist.engine: \"memberlist\" is not in this build yet: use scalecube",
        "rings.a.kvstore.store=etcd             | rings.a.kvstore.etcd.endpoints: name at least one, as HOST:PORT",
        "rings.a.kvstore.store=consul           | rings.a.kvstore.store: \"consul\" is not in this build yet: use memberlist, etcd, inmemory or multi",
        "rings.a.kvstore.store=multi            | rings.a.kvstore.multi: name primary and secondary: memberlist, etcd or inmemory",
        "partition_rings.a={}                   | partition_rings: not in this build yet: leave it out",
        "memberlist.join_members=[dnssrv+localhost] | memberlist.join_members: dnssrv+localhost: SRV look-ups are not in this build yet: use HOST:PORT or dns+NAME:PORT",
        "server.http_listen_address=0.0.0.0     | server.http_listen_address: 0.0.0.0 is beyond loopback, and without credentials anybody there could change rings: bind to 127.0.0.1, or accept that with server.allow_insecure: true",
        "memberlist.bind_addr=10.0.0.9          | memberlist.bind_addr: 10.0.0.9 is beyond loopback, and gossip has neither TLS nor keys: bind to 127.0.0.1, or accept that with memberlist.allow_insecure: true",
        "memberlist.join_members=[10.0.0.1:7946] | memberlist.join_members: 10.0.0.1:7946 can't reach back to gossip on 127.0.0.1: bind to an address of this host, --bind=ADDRESS:7946 with --set memberlist.allow_insecure=true"
      })
  void whatMustNotStartIsRefusedWithTheFix(String set, String problem) {
    DaemonConfig config = ConfigFiles.read(directory, "", set);

    assertThatThrownBy(() -> ConfigCheck.refuseUnstartable(config))
        .isInstanceOfSatisfying(
            ConfigException.class,
            refused -> assertThat(refused.problems()).containsExactly(problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memberlist: {bind_addr: 0.0.0.0, allow_insecure: true, join_members: [10.0.0.1:7946]}",
        "memberlist: {bind_addr: 127.0.0.2, join_members: ['127.0.0.1:1', '[::1]:2', 'localhost:3']}",
        "server: {http_listen_address: 0.0.0.0, allow_insecure: true}",
        "server: {http_listen_address: '::1'}",
        "rings: {a: {kvstore: {store: inmemory}}}",
        "rings: {a: {kvstore: {store: etcd, etcd: {endpoints: ['10.0.0.1:2379']}}}}",
        "rings: {a: {kvstore: {store: multi, multi: {primary: memberlist, secondary: inmemory}}}}",
        "rings: {a: {leader_election: {policy: oldest}}, b: {leader_election: {policy: sticky-lowest-token}}}"
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
