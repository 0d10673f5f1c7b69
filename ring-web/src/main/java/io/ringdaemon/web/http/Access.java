package io.ringdaemon.web.http;

/** What somebody needs to use a route, where credentials are configured. */
public enum Access {
  /** Nothing: load balancers and supervisors ask here. */
  OPEN,
  /** May look. */
  READ,
  /** May change; each request is written to the audit log. */
  CHANGE,
  /** May change, but asks so often that only changes of the outcome are logged, elsewhere. */
  WORK;

  /** Whether {@code role} is enough. */
  boolean allows(Role role) {
    return role == Role.OPERATOR || this == OPEN || this == READ;
  }
}
