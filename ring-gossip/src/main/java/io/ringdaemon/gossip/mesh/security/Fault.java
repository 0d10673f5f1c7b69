package io.ringdaemon.gossip.mesh.security;

/**
 * What is wrong with a connection.
 *
 * @param reason label of the metric
 * @param words for people, after "no connection with ADDRESS: "; empty where there is nothing that
 *     could be mended. Never what a stranger wrote
 */
public record Fault(String reason, String words) {
  /** Nothing that anybody who runs nodes could mend: garbage, or worse. */
  public static Fault of(String reason) {
    return new Fault(reason, "");
  }

  /** Our own frames arrive bare where we want them sealed. */
  static Fault plaintextInsteadOfKeys(Side ours) {
    return new Fault(
        "plaintext",
        (ours == Side.DIALER ? "answers" : "calls")
            + " without encryption, here memberlist.encryption_keys_file is set: set it there to the"
            + " same keys");
  }

  /** Theirs are sealed and we have no keys. */
  public static Fault sealedInsteadOfPlaintext(Side ours) {
    return new Fault(
        "encrypted",
        (ours == Side.DIALER ? "answers" : "calls")
            + " encrypted with shared keys, here there are none: set memberlist.encryption_keys_file"
            + " to the same keys");
  }

  /** No key of ours opens what they sealed. */
  static Fault unknownKey() {
    return new Fault(
        "key",
        "encrypts with a key that is not in memberlist.encryption_keys_file here: put its key there"
            + " too, or one of these first there");
  }

  /** They say that no key of theirs opens what we sealed. */
  static Fault ourKeyUnknown() {
    return new Fault(
        "key",
        "does not know the first key of memberlist.encryption_keys_file here: add that key there, or"
            + " put a key first that both have");
  }

  /** Bare frames at a port that wants TLS, or in answer to a TLS greeting. */
  static Fault plaintextInsteadOfTls(Side ours) {
    return new Fault(
        "plaintext",
        (ours == Side.DIALER ? "answers" : "calls")
            + " without TLS, here memberlist.tls_enabled is true: set it there too");
  }

  /** A TLS greeting, or an alert, at a port without. */
  static Fault tlsInsteadOfPlaintext(Side ours) {
    return new Fault(
        "encrypted",
        (ours == Side.DIALER ? "answers" : "calls")
            + " with TLS, here memberlist.tls_enabled is false: set it here too");
  }
}
