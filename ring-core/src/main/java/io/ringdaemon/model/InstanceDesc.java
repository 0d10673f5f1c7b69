package io.ringdaemon.model;

import com.google.protobuf.ByteString;
import io.ringdaemon.token.Tokens;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * An instance's entry in a ring: a register that only its instance writes, or whoever forgets it
 * (reference/ring-semantics.md 1.1; our own fields: docs/formats.md).
 *
 * @param addr where the application is reached, {@code host:port}
 * @param timestamp Unix seconds of the last heartbeat; also the first part of the merge order
 * @param sequence rises with each write by the instance itself; the second tie-break
 * @param tokens those the instance claims (who owns a token claimed twice: {@link TokenConflicts})
 * @param registered Unix seconds of its first entry into the ring, 0 = unknown
 * @param versions of components, by a component id that the application chooses
 * @param origin the ring-daemon node that speaks for it
 * @param unknown fields of later or foreign programs, passed on as they came
 */
public record InstanceDesc(
    String id,
    String addr,
    long timestamp,
    long sequence,
    InstanceState state,
    Tokens tokens,
    String zone,
    long registered,
    ReadOnly readOnly,
    NavigableMap<Long, Long> versions,
    Origin origin,
    ByteString unknown) {

  /**
   * Whether new keys should go elsewhere, and the Unix second when that last changed (0 = never).
   */
  public record ReadOnly(boolean on, long updated) {
    public static final ReadOnly NEVER = new ReadOnly(false, 0);
  }

  /**
   * Who speaks for the instance: a node and the start of its process in Unix milliseconds; empty
   * and 0 where that is unknown, as with instances of other programs. {@code failingCheck} is why
   * the instance's own health check fails, or empty.
   */
  public record Origin(String node, long life, String failingCheck) {
    public static final Origin UNKNOWN = new Origin("", 0, "");

    public boolean known() {
      return !node.isEmpty();
    }
  }

  /** Component id under which a ring-daemon's instance shows itself in {@code versions}: "ring". */
  public static final long RING_DAEMON = 0x72696e67L;

  public InstanceDesc {
    versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
    if (state == InstanceState.LEFT) {
      tokens = Tokens.NONE;
    }
  }

  /** A new entry with the given identity and nothing else. */
  public static InstanceDesc of(String id, String addr, String zone) {
    return new InstanceDesc(
        id,
        addr,
        0,
        0,
        InstanceState.PENDING,
        Tokens.NONE,
        zone,
        0,
        ReadOnly.NEVER,
        new TreeMap<>(),
        Origin.UNKNOWN,
        ByteString.EMPTY);
  }

  /** The tombstone of an entry, dated {@code timestamp}. */
  public static InstanceDesc tombstone(String id, long timestamp) {
    return of(id, "", "").withState(InstanceState.LEFT).withTimestamp(timestamp, 0);
  }

  public boolean isTombstone() {
    return state == InstanceState.LEFT;
  }

  /** Whether a ring-daemon keeps it; others never lead. */
  public boolean ofRingDaemon() {
    return versions.containsKey(RING_DAEMON);
  }

  public InstanceDesc withTimestamp(long timestamp, long sequence) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        versions,
        origin,
        unknown);
  }

  public InstanceDesc withState(InstanceState state) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        versions,
        origin,
        unknown);
  }

  public InstanceDesc withTokens(Tokens tokens) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        versions,
        origin,
        unknown);
  }

  public InstanceDesc withRegistered(long registered) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        versions,
        origin,
        unknown);
  }

  public InstanceDesc withReadOnly(ReadOnly readOnly) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        versions,
        origin,
        unknown);
  }

  public InstanceDesc withVersions(Map<Long, Long> versions) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        new TreeMap<>(versions),
        origin,
        unknown);
  }

  public InstanceDesc withOrigin(Origin origin) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        versions,
        origin,
        unknown);
  }

  public InstanceDesc withUnknown(ByteString unknown) {
    return new InstanceDesc(
        id,
        addr,
        timestamp,
        sequence,
        state,
        tokens,
        zone,
        registered,
        readOnly,
        versions,
        origin,
        unknown);
  }

  /** Whether {@code other} differs in nothing but its sign of life. */
  public boolean sameButForHeartbeat(InstanceDesc other) {
    return equals(other.withTimestamp(timestamp, sequence));
  }
}
