package io.ringdaemon.ring;

/** The ring has no instance of that id. */
public final class UnknownInstance extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String id;

  public UnknownInstance(String ring, String id) {
    super("ring " + ring + " has no instance " + id);
    this.id = id;
  }

  public String id() {
    return id;
  }
}
