package io.ringdaemon.store.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.store.LeaderLockContract;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.time.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lock over a real Consul. */
@Tag("slow")
class ConsulLockTest extends LeaderLockContract {
  private static final String KEY = "ring-daemon/leader/collectors/ring/lock";

  @Override
  protected ConsulServer start() throws IOException {
    return ConsulServer.start(folder);
  }

  @Override
  protected LeaderLock lock(World world, String name) {
    ConsulBackend backend = new ConsulBackend(world, ConsulKvStoreTest.config(server.port()));
    open.add(backend);
    return new ConsulLock(world, backend, KEY, name);
  }

  /** As another session's: who only finds its key removed takes it up again. */
  @Override
  protected void takeAway() throws Exception {
    ConsulServer consul = (ConsulServer) server;
    String answer =
        new String(
            consul
                .call(
                    "PUT",
                    "session/create",
                    "{\"LockDelay\":\"1s\"}".getBytes(StandardCharsets.UTF_8))
                .body(),
            StandardCharsets.UTF_8);
    String session = answer.replaceAll("(?s).*\"ID\": *\"([^\"]+)\".*", "$1");
    String taken = "";
    while (!taken.contains("true")) { // the holder may write in between
      server.delete(KEY);
      taken =
          new String(
              consul.call("PUT", "kv/" + KEY + "?acquire=" + session, new byte[0]).body(),
              StandardCharsets.UTF_8);
    }
    Thread waiting =
        new Thread(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(3); // longer than until the next renewal
                consul.call("PUT", "session/destroy/" + session, new byte[0]);
              } catch (IOException | InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
    waiting.setDaemon(true);
    waiting.start();
  }

  @Test
  void aHolderWhoseKeyIsRemovedByHandHasItAgainOrIsToldOtherwise() throws Exception {
    Candidate one = new Candidate("one");
    one.acquire().get(30, TimeUnit.SECONDS);
    server.delete(KEY);
    RealClient.until("it is renewed", () -> held().startsWith("one"));
    assertThat(one.holds()).isTrue();
    one.release().get(30, TimeUnit.SECONDS);
    assertThat(held()).as("whose it was, without a count").isEqualTo("one");
  }

  private String held() {
    try {
      return server.get(KEY).map(text -> new String(text, StandardCharsets.UTF_8)).orElse("");
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }
}
