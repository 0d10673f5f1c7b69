package io.ringdaemon.ring;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static io.ringdaemon.model.InstanceState.JOINING;
import static io.ringdaemon.model.InstanceState.LEAVING;
import static io.ringdaemon.model.InstanceState.LEFT;
import static io.ringdaemon.model.InstanceState.PENDING;

import io.ringdaemon.model.InstanceState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a lookup is for: which states may serve it, and which make the replica set grow by one
 * because they can't (reference/ring-semantics.md 5.3).
 *
 * @param name as in the API
 */
public record Operation(String name, Set<InstanceState> healthy, Set<InstanceState> extending) {
  public static final Operation READ =
      new Operation(
          "read", EnumSet.of(ACTIVE, LEAVING, PENDING), EnumSet.of(PENDING, JOINING, LEFT));
  public static final Operation WRITE =
      new Operation("write", EnumSet.of(ACTIVE), EnumSet.of(LEAVING, PENDING, JOINING, LEFT));
  public static final Operation WRITE_NO_EXTEND =
      new Operation("write-no-extend", EnumSet.of(ACTIVE), Set.of());
  public static final Operation REPORTING =
      new Operation("reporting", EnumSet.allOf(InstanceState.class), Set.of());

  public static final List<Operation> ALL = List.of(READ, WRITE, WRITE_NO_EXTEND, REPORTING);

  public Operation {
    healthy = Set.copyOf(healthy);
    extending = Set.copyOf(extending);
  }

  public static Optional<Operation> named(String name) {
    return ALL.stream().filter(operation -> operation.name.equals(name)).findFirst();
  }
}
