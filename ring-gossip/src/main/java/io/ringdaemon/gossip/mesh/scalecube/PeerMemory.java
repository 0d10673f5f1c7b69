package io.ringdaemon.gossip.mesh.scalecube;

import java.util.List;

/**
 * Remembers addresses of peers over a restart, so that a node whose seeds are gone finds its
 * cluster again (reference/scalecube.md 5.1). Both methods may block and are called off the loop,
 * one at a time; an exception is logged and otherwise ignored.
 */
public interface PeerMemory {
  /** Remembers nothing. */
  PeerMemory NONE =
      new PeerMemory() {
        @Override
        public List<String> load() {
          return List.of();
        }

        @Override
        public void save(List<String> addresses) {}
      };

  /** The addresses ({@code host:port}) saved last, or none. */
  List<String> load();

  /** Replaces what was saved; at most 256 addresses, sorted. */
  void save(List<String> addresses);
}
