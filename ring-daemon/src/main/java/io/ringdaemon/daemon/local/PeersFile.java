package io.ringdaemon.daemon.local;

import io.ringdaemon.gossip.mesh.scalecube.PeerMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Addresses of peers, one a line, so that a node whose seeds are gone finds its cluster again. */
public final class PeersFile implements PeerMemory {
  private final DataDir dir;
  private final Path file;

  public PeersFile(DataDir dir, Path file) {
    this.dir = dir;
    this.file = file;
  }

  @Override
  public List<String> load() {
    try {
      return dir.readNow(file)
          .map(text -> text.lines().filter(line -> !line.isBlank()).toList())
          .orElse(List.of());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void save(List<String> addresses) {
    try {
      dir.writeNow(file, String.join("\n", addresses) + "\n");
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
