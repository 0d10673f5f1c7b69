package io.ringdaemon.change;

import java.util.Optional;

/** What nodes tell each other about changes ({@link ChangeProtocol}). */
public sealed interface ChangeMessage {
  /** To the leader: carry this out. */
  record Ask(Request request) implements ChangeMessage {}

  /** To the node of an instance: change your own entry. */
  record Apply(Request request) implements ChangeMessage {}

  /** Heard, not done yet. */
  record Accepted(String id) implements ChangeMessage {}

  /** What became of an {@link Ask}. */
  record Told(String id, Result result) implements ChangeMessage {}

  /** What became of an {@link Apply}. */
  record Applied(String id, Result result) implements ChangeMessage {}

  /** I don't lead; {@code leader} does, as I see it, under {@code epoch}. */
  record NotLeading(String id, Optional<Node> leader, long epoch) implements ChangeMessage {}

  /** One life of a node. */
  record Node(String name, long life) {}
}
