package io.ringdaemon.daemon.e2e;

import io.ringdaemon.model.RingDesc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Follows a key of Consul by blocking queries: it keeps no history that could be asked later. */
final class ConsulHistory implements StoreProcess.History {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<RingDesc> values = new ArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private final Thread thread;
  private final URI key;
  private volatile boolean over;

  ConsulHistory(String address, String key) throws InterruptedException {
    this.key = URI.create("http://" + address + "/v1/kv/" + key);
    this.thread = new Thread(this::follow, "consul-history");
    thread.setDaemon(true);
    thread.start();
    if (!first.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("Consul does not tell what is at " + key);
    }
  }

  private void follow() {
    long index = 0;
    while (!over) {
      try {
        JsonNode found = ask(index).path(0);
        long now = found.path("ModifyIndex").asLong();
        if (now > index) {
          index = now;
          add(StoreProcess.decode(Base64.getDecoder().decode(found.path("Value").asString(""))));
        }
      } catch (IOException lost) {
        over = true; // too few heartbeats will be found
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  private JsonNode ask(long index) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(key + "?consistent&wait=10s&index=" + index))
            .timeout(Duration.ofSeconds(30))
            .build();
    return DaemonProcess.JSON.readTree(
        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private synchronized void add(RingDesc value) {
    values.add(value);
    first.countDown();
  }

  @Override
  public synchronized List<RingDesc> values() {
    return List.copyOf(values);
  }

  @Override
  public boolean complete() {
    return false;
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
  }
}
