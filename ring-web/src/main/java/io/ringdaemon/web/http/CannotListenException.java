package io.ringdaemon.web.http;

/** The address can't be listened on; the message says which, why, and what to do. */
public final class CannotListenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CannotListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
