package io.ringdaemon.web.http;

/**
 * Who asks.
 *
 * @param way how that was proved: token, password, certificate, or none
 */
public record Identity(String name, Role role, String way) {
  /** Where no credentials are configured everybody is. */
  public static final Identity ANYBODY = new Identity("anonymous", Role.OPERATOR, "none");

  /** Without a credential where {@code reader anonymous} is allowed, or on an open path. */
  static final Identity ANONYMOUS = new Identity("anonymous", Role.READER, "none");

  boolean proved() {
    return !way.equals("none");
  }
}
