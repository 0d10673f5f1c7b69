package io.ringdaemon.store;

/** What a store, or the way to it, did to a request. The message says what to do where known. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kept it from being done, and so whether trying again may help. */
  public enum Reason {
    /** No answer, or none that can be used: the next try may do better. */
    UNREACHABLE(true),
    /** Others wrote in between, again and again. */
    CONFLICTS(false),
    /** Credentials or permissions. */
    REFUSED(true),
    /** Longer than the store takes. */
    TOO_LARGE(false),
    /** Somebody else's value stands there, and is not overwritten. */
    NOT_OURS(false),
    /** Too much is waiting already. */
    BUSY(false);

    private final boolean passing;

    Reason(boolean passing) {
      this.passing = passing;
    }

    boolean passing() {
      return passing;
    }
  }

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Any failure of a stage as one of these. */
  static StoreException of(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof StoreException)) {
      cause = cause.getCause();
    }
    return cause instanceof StoreException known
        ? known
        : new StoreException(Reason.UNREACHABLE, String.valueOf(failure.getMessage()), failure);
  }
}
