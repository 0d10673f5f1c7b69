package io.ringdaemon.store.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.store.Backend;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.store.StoreTroubleContract;
import io.ringdaemon.time.World;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a ring in Consul when Consul, the way to it, or its content is not as wished. */
@Tag("slow")
class ConsulTroubleTest extends StoreTroubleContract {
  private static final String ROOT = "8f6c9d1e-0000-4000-8000-00000000000a";

  @Override
  protected ConsulServer start() throws IOException {
    return ConsulServer.start(folder);
  }

  @Override
  protected Backend backend(World world, int port) {
    return backend(world, port, "");
  }

  private static ConsulBackend backend(World world, int port, String token) {
    return new ConsulBackend(
        world,
        new ConsulConfig(
            "127.0.0.1:" + port,
            token,
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            true,
            ConsulConfig.WatchRate.DEFAULT,
            Optional.empty()));
  }

  private static String token(ConsulServer consul, String id, String rules) throws Exception {
    String policy = "{\"Name\":\"%s\",\"Rules\":\"%s\"}".formatted(id, rules.replace("\"", "\\\""));
    made(consul, "acl/policy", policy);
    String secret = "8f6c9d1e-0000-4000-8000-0000000000" + id;
    made(
        consul,
        "acl/token",
        "{\"SecretID\":\"%s\",\"Policies\":[{\"Name\":\"%s\"}]}".formatted(secret, id));
    return secret;
  }

  private static void made(ConsulServer consul, String path, String json) throws Exception {
    HttpResponse<byte[]> answer = consul.call("PUT", path, json.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
  }

  @Test
  void tokensAreUsedAndWrongOnesNamed() throws Exception {
    ConsulServer consul =
        ConsulServer.start(
            folder,
            false,
            ROOT,
            "acl { enabled = true default_policy = \"deny\" tokens { initial_management = \""
                + ROOT
                + "\" } }");
    open.add(consul);
    String writer = token(consul, "aa", "key_prefix \"collectors/\" { policy = \"write\" }");
    String reader = token(consul, "bb", "key_prefix \"collectors/\" { policy = \"read\" }");
    String neither = token(consul, "cc", "key_prefix \"other/\" { policy = \"write\" }");
    RealClient right = client(world -> backend(world, consul.port(), writer));
    put(right, "a").join();
    RealClient wrong =
        client(world -> backend(world, consul.port(), "8f6c9d1e-0000-4000-8000-00000000dead"));
    untilTrouble(wrong, "check consul.acl_token");
    RealClient none = client(consul.port());
    untilTrouble(none, "set consul.acl_token or acl_token_file");
    RealClient unentitled = client(world -> backend(world, consul.port(), neither));
    untilTrouble(unentitled, "the token needs key_prefix write");
    RealClient looker = client(world -> backend(world, consul.port(), reader));
    untilWell(looker);
    assertThat(sees(looker, "a")).isTrue();
    assertThatThrownBy(() -> put(looker, "b").join()).hasMessageContaining("key_prefix write");
    untilTrouble(looker, "key_prefix write");
  }
}
