package io.ringdaemon.gossip.mesh.security;

import java.nio.file.Path;

/** A file of certificates or keys can't be used; the message says which, where in it, and why. */
public final class SecretFileException extends Exception {
  private static final long serialVersionUID = 1;

  SecretFileException(Path file, String what) {
    super(file + ": " + what);
  }

  SecretFileException(Path file, int line, String what) {
    super(file + ":" + line + ": " + what);
  }
}
