package io.ringdaemon.daemon.e2e;

import io.ringdaemon.gossip.wire.SnappyBlock;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.RealServer;
import io.ringdaemon.store.consul.ConsulServer;
import io.ringdaemon.store.etcd.EtcdServer;
import java.nio.file.Path;
import java.util.List;

/**
 * A real store that other programs keep their rings in beside ours.
 *
 * @param kind as in {@code kvstore.store}
 */
record StoreProcess(String kind, RealServer server) implements AutoCloseable {
  static final String PREFIX = "collectors/";

  /** Starts one on free ports, with its data and log in {@code folder}. */
  static StoreProcess start(String kind, Path folder) throws Exception {
    return new StoreProcess(
        kind, kind.equals("etcd") ? EtcdServer.start(folder) : ConsulServer.start(folder));
  }

  /** {@code host:port}. */
  String address() {
    return server.endpoint();
  }

  /** The settings of {@code kvstore} that our daemon needs. */
  List<String> settings() {
    return List.of(
        "store=" + kind,
        kind.equals("etcd") ? "etcd.endpoints=[" + address() + "]" : "consul.host=" + address());
  }

  /** The same as the YAML of Loki. */
  String kvstoreOfLoki() {
    return "{store: %s, etcd: {endpoints: [\"%s\"]}, consul: {host: \"%2$s\"}}"
        .formatted(kind, address());
  }

  /** Notes what is written to a key from now on. */
  History follow(String key) throws Exception {
    return server instanceof EtcdServer etcd
        ? new EtcdHistory(etcd, key)
        : new ConsulHistory(address(), key);
  }

  /** A ring from the bytes of a store. */
  static RingDesc decode(byte[] value) {
    return RingCodec.INSTANCE.decode(SnappyBlock.decompress(value));
  }

  @Override
  public void close() {
    server.close();
  }

  /** What was written to a key. */
  interface History extends AutoCloseable {
    /** Every value until now, the oldest first; the first is the one there was at the start. */
    List<RingDesc> values() throws Exception;

    /** Whether it has really every value: none was overtaken before it was seen. */
    boolean complete();

    @Override
    void close();
  }
}
