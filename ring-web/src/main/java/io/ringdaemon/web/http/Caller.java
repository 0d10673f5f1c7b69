package io.ringdaemon.web.http;

import java.util.List;

/**
 * The other end of a connection, and who that is once it is known.
 *
 * @param address of the client, without its port
 * @param certificate names in the certificate it has shown, its subject's first; empty: none
 */
public record Caller(String address, List<String> certificate, Identity identity) {
  public Caller {
    certificate = List.copyOf(certificate);
  }

  static Caller at(String address) {
    return new Caller(address, List.of(), Identity.ANYBODY);
  }

  Caller as(Identity proved) {
    return new Caller(address, certificate, proved);
  }

  /** For logs and events: {@code alice (operator) from 10.0.0.7}, or the address alone. */
  String text() {
    return identity.proved()
        ? "%s (%s) from %s".formatted(identity.name(), identity.role().word(), address)
        : address;
  }
}
