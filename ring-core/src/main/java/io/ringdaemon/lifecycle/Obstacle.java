package io.ringdaemon.lifecycle;

/**
 * Why an instance isn't registered yet.
 *
 * @param text the same in words, for people
 */
public record Obstacle(Kind kind, String text) {
  /** What it waits for. */
  public enum Kind {
    NOT_STARTED,
    READING_TOKENS,
    LOOKING_FOR_PEERS,
    /** Another node, or an older life of this one, is alive under the same id. */
    RIVAL
  }
}
