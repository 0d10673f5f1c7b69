package io.ringdaemon.gossip.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which one-way links between names are cut. */
final class Cuts {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<BitSet> from = new ArrayList<>();
  private int cut;

  /** Number of a name; the same for all its lives. */
  int number(String name) {
    return numbers.computeIfAbsent(
        name,
        any -> {
          from.add(new BitSet());
          return from.size() - 1;
        });
  }

  void cut(String a, String b) {
    BitSet links = from.get(number(a));
    int to = number(b);
    cut += links.get(to) ? 0 : 1;
    links.set(to);
  }

  void mend(String a, String b) {
    BitSet links = from.get(number(a));
    int to = number(b);
    cut -= links.get(to) ? 1 : 0;
    links.clear(to);
  }

  void mendAll() {
    from.forEach(BitSet::clear);
    cut = 0;
  }

  boolean any() {
    return cut > 0;
  }

  boolean open(int a, int b) {
    return cut == 0 || !from.get(a).get(b);
  }

  boolean openBothWays(int a, int b) {
    return open(a, b) && open(b, a);
  }
}
