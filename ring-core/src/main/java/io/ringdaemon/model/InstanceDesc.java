package io.ringdaemon.model;

import com.google.protobuf.ByteString;
import io.ringdaemon.token.Tokens;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;

/**
 * An instance's entry in a ring: a register that only its instance writes, or whoever forgets it
 * (reference/ring-semantics.md 1.1; our own fields: docs/formats.md). Its sign of life ({@link
 * #timestamp} and {@link #sequence}) stands beside everything else ({@link EntryBody}), which all
 * heartbeats of an unchanged instance share.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
public final class InstanceDesc {
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

  private final EntryBody body;
  private final long timestamp;
  private final long sequence;

  InstanceDesc(EntryBody body, long timestamp, long sequence) {
    this.body = body;
    this.timestamp = timestamp;
    this.sequence = sequence;
  }

  /** A new entry with the given identity and nothing else. */
  public static InstanceDesc of(String id, String addr, String zone) {
    EntryBody.Draft draft = new EntryBody.Draft(id);
    draft.addr = addr;
    draft.zone = zone;
    draft.stateNumber = InstanceState.PENDING.number();
    return new InstanceDesc(new EntryBody(draft), 0, 0);
  }

  /** The tombstone of an entry, dated {@code timestamp}. */
  public static InstanceDesc tombstone(String id, long timestamp) {
    return of(id, "", "").withState(InstanceState.LEFT).withTimestamp(timestamp, 0);
  }

  public String id() {
    return body.id;
  }

  /** Where the application is reached, {@code host:port}. */
  public String addr() {
    return body.addr;
  }

  /** Unix seconds of the last heartbeat; also the first part of the merge order. */
  public long timestamp() {
    return timestamp;
  }

  /** Rises with each write by the instance itself; the second tie-break. */
  public long sequence() {
    return sequence;
  }

  public InstanceState state() {
    return body.state;
  }

  /** The state as it stands on the wire: the only trace of one that is {@code UNKNOWN} here. */
  public int stateNumber() {
    return body.stateNumber;
  }

  /**
   * Tokens the instance claims; who owns one that is claimed twice: {@link TokenConflicts}. None
   * for a tombstone.
   */
  public Tokens tokens() {
    return body.tokens;
  }

  public String zone() {
    return body.zone;
  }

  /** Unix seconds of its first entry into the ring, 0 = unknown. */
  public long registered() {
    return body.registered;
  }

  public ReadOnly readOnly() {
    return body.readOnly;
  }

  /** Of components, by a component id that the application chooses. */
  public NavigableMap<Long, Long> versions() {
    return body.versions;
  }

  /** The ring-daemon node that speaks for it. */
  public Origin origin() {
    return body.origin;
  }

  /** Fields of later or foreign programs, passed on as they came. */
  public ByteString unknown() {
    return body.unknown;
  }

  public boolean isTombstone() {
    return body.state == InstanceState.LEFT;
  }

  /** Whether a ring-daemon keeps it; others never lead. */
  public boolean ofRingDaemon() {
    return body.versions.containsKey(RING_DAEMON);
  }

  public InstanceDesc withTimestamp(long timestamp, long sequence) {
    return new InstanceDesc(body, timestamp, sequence);
  }

  public InstanceDesc withState(InstanceState state) {
    return with(body.with(draft -> draft.stateNumber = state.number()));
  }

  public InstanceDesc withTokens(Tokens tokens) {
    return with(body.with(draft -> draft.tokens = tokens));
  }

  public InstanceDesc withRegistered(long registered) {
    return with(body.with(draft -> draft.registered = registered));
  }

  public InstanceDesc withReadOnly(ReadOnly readOnly) {
    return with(body.with(draft -> draft.readOnly = readOnly));
  }

  public InstanceDesc withVersions(Map<Long, Long> versions) {
    return with(body.with(draft -> draft.versions = versions));
  }

  public InstanceDesc withOrigin(Origin origin) {
    return with(body.with(draft -> draft.origin = origin));
  }

  public InstanceDesc withUnknown(ByteString unknown) {
    return with(body.with(draft -> draft.unknown = unknown));
  }

  private InstanceDesc with(EntryBody changed) {
    return new InstanceDesc(changed, timestamp, sequence);
  }

  /** Whether {@code other} differs in nothing but its sign of life. */
  public boolean sameButForHeartbeat(InstanceDesc other) {
    return body.equals(other.body);
  }

  /** FNV-1a 64 over the canonical bytes without the sign of life (docs/formats.md). */
  long hash() {
    return body.hash();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof InstanceDesc desc
            && timestamp == desc.timestamp
            && sequence == desc.sequence
            && body.equals(desc.body));
  }

  @Override
  public int hashCode() {
    return Objects.hash(body, timestamp, sequence);
  }

  @Override
  public String toString() {
    return "%s{%s %d.%d %s}".formatted(body.id, body.state, timestamp, sequence, body.describe());
  }
}
