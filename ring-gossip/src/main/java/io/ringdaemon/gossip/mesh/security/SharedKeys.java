package io.ringdaemon.gossip.mesh.security;

import java.nio.file.Path;
import java.util.List;

/** Every message is sealed with keys that all nodes share: {@link KeyRing}. */
public record SharedKeys(Path file) implements Protection {
  @Override
  public List<Path> files() {
    return List.of(file);
  }

  @Override
  public KeyRing load() throws SecretFileException {
    return KeyRing.read(file);
  }
}
