package io.ringdaemon.daemon.e2e;

import io.ringdaemon.gossip.wire.SnappyBlock;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.etcd.EtcdServer;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A real store that other programs keep their rings in beside ours. */
interface StoreProcess extends AutoCloseable {
  String PREFIX = "collectors/";

  /** As in {@code kvstore.store}. */
  String kind();

  /** {@code host:port}. */
  String address();

  /** The settings of {@code kvstore} that our daemon needs. */
  List<String> settings();

  /** The same as the YAML of Loki. */
  String kvstoreOfLoki();

  /** Watches what is written to a key from now on. */
  History follow(String key) throws Exception;

  @Override
  void close();

  /** What was written to a key. */
  interface History extends AutoCloseable {
    /** Every value until now, the oldest first; the first is the one there was at the start. */
    List<RingDesc> values() throws Exception;

    /** Whether it has really every value: none was overtaken before it was seen. */
    boolean complete();

    @Override
    void close();
  }

  /** Starts one on free ports, with its data and log in {@code folder}. */
  static StoreProcess start(String kind, Path folder) throws Exception {
    return switch (kind) {
      case "etcd" -> new Etcd(EtcdServer.start(folder));
      default -> throw new IllegalArgumentException("no store " + kind);
    };
  }

  /** A ring from the bytes of a store. */
  static RingDesc decode(byte[] value) {
    return RingCodec.INSTANCE.decode(SnappyBlock.decompress(value));
  }

  /** Debian's etcd. It keeps every revision, so its histories are read when all is over. */
  record Etcd(EtcdServer server) implements StoreProcess {
    @Override
    public String kind() {
      return "etcd";
    }

    @Override
    public String address() {
      return server.endpoint();
    }

    @Override
    public List<String> settings() {
      return List.of("store=etcd", "etcd.endpoints=[" + address() + "]");
    }

    @Override
    public String kvstoreOfLoki() {
      return "{store: etcd, etcd: {endpoints: [\"" + address() + "\"]}}";
    }

    @Override
    public History follow(String key) throws Exception {
      return new Revisions(server, key, at(server, key, 0).path("mod_revision").asLong());
    }

    @Override
    public void close() {
      server.close();
    }

    /** The key as it was at a revision of the store; 0: now. */
    private static JsonNode at(EtcdServer server, String key, long revision) throws Exception {
      String name = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
      String question = "{\"key\":\"%s\",\"revision\":\"%d\"}".formatted(name, revision);
      for (int tried = 1; ; tried++) {
        try {
          return DaemonProcess.JSON.readTree(server.post("kv/range", question)).path("kvs").path(0);
        } catch (HttpTimeoutException busy) {
          if (tried == 10) {
            throw busy;
          }
        }
      }
    }

    private record Revisions(EtcdServer server, String key, long since) implements History {
      @Override
      public List<RingDesc> values() throws Exception {
        List<RingDesc> values = new ArrayList<>();
        long revision = 0;
        do {
          JsonNode found = at(server, key, revision);
          if (found.isMissingNode()) {
            throw new AssertionError(key + " was gone before revision " + revision);
          }
          values.add(decode(Base64.getDecoder().decode(found.path("value").asString(""))));
          revision = found.path("mod_revision").asLong() - 1;
        } while (revision >= since);
        Collections.reverse(values);
        return values;
      }

      @Override
      public boolean complete() {
        return true;
      }

      @Override
      public void close() {}
    }
  }
}
