package io.ringdaemon.replication;

/** A key of a batch can't reach its quorum any more. The cause is the error that decided it. */
public final class BatchFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int index;
  private final boolean clientError;
  private final int succeeded;
  private final int needed;

  BatchFailed(int index, boolean clientError, int succeeded, int needed, Throwable cause) {
    super(
        "key %d of the batch: %d of the %d instances needed took it; %s error: %s"
            .formatted(index, succeeded, needed, clientError ? "client" : "server", cause),
        cause);
    this.index = index;
    this.clientError = clientError;
    this.succeeded = succeeded;
    this.needed = needed;
  }

  /** Which key, by its place in the batch. */
  public int index() {
    return index;
  }

  /** Whether the cause is the request's own fault. */
  public boolean clientError() {
    return clientError;
  }

  /** How many instances took the key. */
  public int succeeded() {
    return succeeded;
  }

  /** How many had to. */
  public int needed() {
    return needed;
  }
}
