package io.ringdaemon.bench;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The peer: what one writes first. Distinct zones clockwise from the key, nobody unfit. */
final class TreeMapWalk {
  private final TreeMap<Integer, Instance> byToken = new TreeMap<>();

  TreeMapWalk(Ring ring) {
    for (Instance instance : ring.instances()) {
      instance.owned().ints().forEach(token -> byToken.put(token ^ Integer.MIN_VALUE, instance));
    }
  }

  List<Instance> owners(int key) {
    List<Instance> owners = new ArrayList<>(3);
    Map.Entry<Integer, Instance> at = byToken.higherEntry(key ^ Integer.MIN_VALUE);
    while (owners.size() < 3) {
      at = at == null ? byToken.firstEntry() : at;
      boolean held = false;
      for (Instance owner : owners) {
        held |= owner.zone().equals(at.getValue().zone());
      }
      if (!held) {
        owners.add(at.getValue());
      }
      at = byToken.higherEntry(at.getKey());
    }
    return owners;
  }
}
