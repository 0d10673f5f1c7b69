package io.ringdaemon.daemon.e2e;

import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.etcd.EtcdServer;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What was written to a key of etcd: it keeps every revision, so all is read when asked for. */
final class EtcdHistory implements StoreProcess.History {
  private static final int TRIES = 10; // a busy machine

  private final EtcdServer server;
  private final String key;
  private final long since;

  EtcdHistory(EtcdServer server, String key) throws Exception {
    this.server = server;
    this.key = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    this.since = at(0).path("mod_revision").asLong();
  }

  @Override
  public List<RingDesc> values() throws Exception {
    List<RingDesc> values = new ArrayList<>();
    long revision = 0;
    do {
      JsonNode found = at(revision);
      if (found.isMissingNode()) {
        throw new AssertionError("the key was gone before revision " + revision);
      }
      values.add(StoreProcess.decode(Base64.getDecoder().decode(found.path("value").asString(""))));
      revision = found.path("mod_revision").asLong() - 1;
    } while (revision >= since);
    Collections.reverse(values);
    return values;
  }

  /** The key as it was at a revision of the store; 0: now. */
  private JsonNode at(long revision) throws Exception {
    String question = "{\"key\":\"%s\",\"revision\":\"%d\"}".formatted(key, revision);
    for (int tried = 1; ; tried++) {
      try {
        return DaemonProcess.JSON.readTree(server.post("kv/range", question)).path("kvs").path(0);
      } catch (HttpTimeoutException busy) {
        if (tried == TRIES) {
          throw busy;
        }
      }
    }
  }

  @Override
  public boolean complete() {
    return true;
  }

  @Override
  public void close() {}
}
