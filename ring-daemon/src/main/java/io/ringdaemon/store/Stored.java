package io.ringdaemon.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a backend held at a key at one moment. Immutable; the bytes belong to whoever gets it. */
public final class Stored {
  private final byte @Nullable [] bytes;
  private final long revision;
  private final long asOf;

  private Stored(byte @Nullable [] bytes, long revision, long asOf) {
    this.bytes = bytes;
    this.revision = revision;
    this.asOf = asOf;
  }

  /**
   * A value.
   *
   * @param revision to compare with in the next write
   * @param asOf of two states of one key the later has the greater; at least {@code revision}
   */
  public static Stored value(byte[] bytes, long revision, long asOf) {
    return new Stored(bytes, revision, asOf);
  }

  /** No such key. */
  public static Stored nothing(long asOf) {
    return new Stored(null, 0, asOf);
  }

  public Optional<byte[]> bytes() {
    return Optional.ofNullable(bytes);
  }

  public long revision() {
    return revision;
  }

  public long asOf() {
    return asOf;
  }
}
