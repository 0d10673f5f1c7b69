package io.ringdaemon.kv;

/** Bytes that are not a value of their codec. */
public final class MalformedValueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedValueException(String message) {
    super(message);
  }

  public MalformedValueException(String message, Throwable cause) {
    super(message, cause);
  }
}
