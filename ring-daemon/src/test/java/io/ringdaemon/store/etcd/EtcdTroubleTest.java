package io.ringdaemon.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.store.Backend;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.store.StoreTroubleContract;
import io.ringdaemon.store.TcpProxy;
import io.ringdaemon.time.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a ring in etcd when etcd, the way to it, or its content is not as wished. */
@Tag("slow")
class EtcdTroubleTest extends StoreTroubleContract {
  @Override
  protected EtcdServer start() throws IOException {
    return EtcdServer.start(folder);
  }

  @Override
  protected Backend backend(World world, int port) {
    return new EtcdBackend(config(List.of("127.0.0.1:" + port), "", ""));
  }

  private EtcdServer etcd() throws Exception {
    return (EtcdServer) server();
  }

  private RealClient client(EtcdConfig config) throws Exception {
    return client(world -> new EtcdBackend(config));
  }

  private static EtcdConfig config(List<String> endpoints, String user, String password) {
    return new EtcdConfig(
        endpoints, Duration.ofSeconds(1), Duration.ofSeconds(1), user, password, Optional.empty());
  }

  @Test
  void aWatchWhoseRevisionWasCompactedAwayReadsAndGoesOn() throws Exception {
    EtcdServer etcd = etcd();
    RealClient writer = client(etcd.port());
    TcpProxy line = new TcpProxy(etcd.port());
    RealClient watcher = client(config(List.of("127.0.0.1:" + line.port()), "", ""));
    open.add(line);
    put(writer, "a").join();
    RealClient.until("it is seen", () -> sees(watcher, "a"));
    line.cut();
    for (int i = 0; i < 20; i++) {
      put(writer, "b" + i).join();
    }
    etcd.compact();
    line.mend();
    RealClient.until("the last is seen", () -> sees(watcher, "b19"));
    put(writer, "c").join();
    RealClient.until("it is followed again", () -> sees(watcher, "c"));
  }

  @Test
  void ofSeveralEndpointsThoseThatAnswerAreUsed() throws Exception {
    EtcdServer etcd = etcd();
    RealClient one = client(config(List.of("127.0.0.1:1", etcd.endpoint()), "", ""));
    untilWell(one);
    put(one, "a").join();
    assertThat(sees(one, "a")).isTrue();
  }

  @Test
  void credentialsAreUsedAndWrongOnesNamed() throws Exception {
    EtcdServer etcd = etcd();
    etcd.post("auth/user/add", "{\"name\":\"root\",\"password\":\"secret\"}");
    etcd.post("auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
    etcd.post("auth/user/add", "{\"name\":\"nobody\",\"password\":\"known\"}");
    etcd.post("auth/enable", "{}");
    RealClient right = client(config(List.of(etcd.endpoint()), "root", "secret"));
    put(right, "a").join();
    RealClient wrong = client(config(List.of(etcd.endpoint()), "root", "guess"));
    untilTrouble(wrong, "check etcd.username and etcd.password");
    RealClient none = client(etcd.port());
    untilTrouble(none, "set etcd.username and etcd.password");
    RealClient unentitled = client(config(List.of(etcd.endpoint()), "nobody", "known"));
    untilTrouble(unentitled, "user \"nobody\" may not use this key");
    assertThat(sees(right, "a")).isTrue();
  }
}
