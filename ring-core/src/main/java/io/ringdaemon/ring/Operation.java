package io.ringdaemon.ring;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static io.ringdaemon.model.InstanceState.JOINING;
import static io.ringdaemon.model.InstanceState.LEAVING;
import static io.ringdaemon.model.InstanceState.LEFT;
import static io.ringdaemon.model.InstanceState.PENDING;
import static io.ringdaemon.model.InstanceState.UNKNOWN;

import io.ringdaemon.model.InstanceState;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a lookup is for: which states may serve it, and which make the replica set grow by one
 * because they can't (reference/ring-semantics.md 5.3). Anybody may make one of their own.
 *
 * <p><b>Differs</b> from dskit in one point: a state this program doesn't know serves nothing, not
 * even {@link #REPORTING}.
 */
public final class Operation {
  public static final Operation READ =
      new Operation(
          0, "read", EnumSet.of(ACTIVE, LEAVING, PENDING), EnumSet.of(PENDING, JOINING, LEFT));
  public static final Operation WRITE =
      new Operation(1, "write", EnumSet.of(ACTIVE), EnumSet.of(LEAVING, PENDING, JOINING, LEFT));
  public static final Operation WRITE_NO_EXTEND =
      new Operation(2, "write-no-extend", EnumSet.of(ACTIVE), Set.of());
  public static final Operation REPORTING =
      new Operation(3, "reporting", EnumSet.complementOf(EnumSet.of(UNKNOWN)), Set.of());

  public static final List<Operation> ALL = List.of(READ, WRITE, WRITE_NO_EXTEND, REPORTING);

  private final String name;
  private final Set<InstanceState> healthy;
  private final Set<InstanceState> extending;

  private static final int FOREIGN = 4;

  /** Its place in {@link #ALL}; all foreign ones share the next. */
  final int place;

  /** {@link Standing}s that can serve this, a bit each. */
  final int serving;

  /** Those that make the replica set grow. */
  final int growing;

  /** Those that an owner set worked out in advance does not allow for. */
  final int hindering;

  /**
   * @param name as in the API
   * @param healthy states whose instances may serve; {@code UNKNOWN} among them is ignored
   */
  public Operation(String name, Set<InstanceState> healthy, Set<InstanceState> extending) {
    this(FOREIGN, name, healthy, extending);
  }

  private Operation(
      int place, String name, Set<InstanceState> healthy, Set<InstanceState> extending) {
    this.place = place;
    this.name = name;
    this.healthy = Set.copyOf(healthy);
    this.extending = Set.copyOf(extending);
    int serves = 0;
    int grows = 0;
    for (InstanceState state : InstanceState.values()) {
      if (healthy.contains(state) && state != UNKNOWN) {
        serves |= 1 << Standing.of(state, true);
      }
      if (extending.contains(state)) {
        grows |= 1 << Standing.of(state, true) | 1 << Standing.of(state, false);
      }
    }
    this.serving = serves;
    this.growing = grows;
    this.hindering = ~serves | grows;
  }

  public static Optional<Operation> named(String name) {
    for (Operation operation : ALL) {
      if (operation.name.equals(name)) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }

  /** Whether it is one of {@link #ALL}. */
  boolean own() {
    return place < FOREIGN;
  }

  public String name() {
    return name;
  }

  /** States whose instances may serve. */
  public Set<InstanceState> healthy() {
    return healthy;
  }

  /** States whose instances make the replica set grow. */
  public Set<InstanceState> extending() {
    return extending;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Operation operation
            && name.equals(operation.name)
            && healthy.equals(operation.healthy)
            && extending.equals(operation.extending));
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, healthy, extending);
  }

  @Override
  public String toString() {
    return name;
  }
}
