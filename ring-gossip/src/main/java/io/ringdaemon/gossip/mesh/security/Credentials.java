package io.ringdaemon.gossip.mesh.security;

/** What was read from the files of a {@link Protection}: ready for use, and never printed. */
public sealed interface Credentials permits Credentials.None, KeyRing, TlsCredentials {
  /** Plain text needs none. */
  record None() implements Credentials {
    @Override
    public String told() {
      return "none";
    }
  }

  /** For the log: what it is, without anything secret. */
  String told();
}
