package io.ringdaemon.kv;

/** A name in a store and the kind of value behind it. */
public record Key<V extends Mergeable<V>>(String name, Codec<V> codec) {
  public Key {
    if (name.isEmpty() || name.length() > 1024) {
      throw new IllegalArgumentException("a key has 1 to 1024 characters, not " + name.length());
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
