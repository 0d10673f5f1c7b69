package io.ringdaemon.gossip.mesh.security;

import java.nio.file.Path;
import java.util.List;

/** By what gossip connections are protected; names files, holds no secret. */
public sealed interface Protection permits Protection.None, SharedKeys, Tls {
  /** Every file it names. */
  List<Path> files();

  /** Reads and checks the files. Blocks: not on the loop. */
  Credentials load() throws SecretFileException;

  /** Changes when one of the files does. Blocks. */
  default String stamp() {
    return String.join("\n", files().stream().map(SecretFile::stamp).toList());
  }

  /** Plain text. */
  record None() implements Protection {
    @Override
    public List<Path> files() {
      return List.of();
    }

    @Override
    public Credentials load() {
      return new Credentials.None();
    }
  }
}
