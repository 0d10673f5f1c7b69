package io.ringdaemon.kv;

/** A kind of value: its name in gossip, its bytes, its empty value. Stateless, any thread. */
public interface Codec<V extends Mergeable<V>> {
  /** Name that travels with the value, as dskit's codec id. */
  String id();

  /** The value of a key nobody has written. */
  V empty();

  byte[] encode(V value);

  /** Fails with {@link MalformedValueException}, whatever the bytes are. */
  V decode(byte[] bytes);
}
