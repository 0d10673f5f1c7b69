package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Heartbeat;
import java.util.ArrayList;
import java.util.List;

/** What a comparison of entries, each without its content, found. */
final class StampFindings {
  final List<String> newerThere = new ArrayList<>();
  final List<Heartbeat> newerHere = new ArrayList<>();
  final List<Heartbeat> fresherThere = new ArrayList<>();
  final List<Heartbeat> fresherHere = new ArrayList<>();

  void compare(Heartbeat own, Heartbeat their) {
    int order = Digests.SIGNS.compare(own, their);
    if (own.hash() == their.hash()) {
      if (order != 0) {
        (order < 0 ? fresherThere : fresherHere).add(order < 0 ? their : own);
      }
      return;
    }
    if (own.timestamp() <= their.timestamp()) {
      newerThere.add(their.id());
    }
    if (own.timestamp() >= their.timestamp()) {
      newerHere.add(own);
    }
  }
}
