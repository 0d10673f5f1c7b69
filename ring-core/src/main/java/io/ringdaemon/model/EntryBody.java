package io.ringdaemon.model;

import com.google.protobuf.ByteString;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceDesc.ReadOnly;
import io.ringdaemon.token.Tokens;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * All of an entry but its sign of life. Shared by the entries that differ only in that, and with it
 * the hash, which takes microseconds to work out and is worked out once.
 *
 * <p><b>Threading:</b> immutable but for the remembered hash; any thread.
 */
final class EntryBody {
  /** The fields of one to come. */
  static final class Draft {
    final String id;
    String addr = "";
    int stateNumber;
    Tokens tokens = Tokens.NONE;
    String zone = "";
    long registered;
    ReadOnly readOnly = ReadOnly.NEVER;
    Map<Long, Long> versions = Map.of();
    Origin origin = Origin.UNKNOWN;
    ByteString unknown = ByteString.EMPTY;

    Draft(String id) {
      this.id = id;
    }
  }

  final String id;
  final String addr;
  final int stateNumber;
  final InstanceState state;
  final Tokens tokens;
  final String zone;
  final long registered;
  final ReadOnly readOnly;
  final NavigableMap<Long, Long> versions;
  final Origin origin;
  final ByteString unknown;
  private volatile long hash; // 0: not worked out yet

  EntryBody(Draft draft) {
    this.id = draft.id;
    this.addr = draft.addr;
    this.stateNumber = draft.stateNumber;
    this.state = InstanceState.of(draft.stateNumber);
    this.tokens = state == InstanceState.LEFT ? Tokens.NONE : draft.tokens;
    this.zone = draft.zone;
    this.registered = draft.registered;
    this.readOnly = draft.readOnly;
    this.versions =
        draft.versions.isEmpty()
            ? Collections.emptyNavigableMap()
            : Collections.unmodifiableNavigableMap(new TreeMap<>(draft.versions));
    this.origin = draft.origin;
    this.unknown = draft.unknown;
  }

  EntryBody with(Consumer<Draft> change) {
    Draft draft = new Draft(id);
    draft.addr = addr;
    draft.stateNumber = stateNumber;
    draft.tokens = tokens;
    draft.zone = zone;
    draft.registered = registered;
    draft.readOnly = readOnly;
    draft.versions = versions;
    draft.origin = origin;
    draft.unknown = unknown;
    change.accept(draft);
    return new EntryBody(draft);
  }

  long hash() {
    long known = hash;
    if (known == 0) {
      known = RingCodec.hash(this);
      hash = known;
    }
    return known;
  }

  String describe() {
    return "%s zone=%s tokens=%s registered=%d %s versions=%s %s unknown=%d B"
        .formatted(addr, zone, tokens, registered, readOnly, versions, origin, unknown.size());
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof EntryBody body
            && id.equals(body.id)
            && stateNumber == body.stateNumber
            && addr.equals(body.addr)
            && zone.equals(body.zone)
            && registered == body.registered
            && readOnly.equals(body.readOnly)
            && origin.equals(body.origin)
            && tokens.equals(body.tokens)
            && versions.equals(body.versions)
            && unknown.equals(body.unknown));
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, addr, stateNumber, tokens, zone, registered, readOnly, origin);
  }
}
