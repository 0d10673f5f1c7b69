package io.ringdaemon.bench;

import io.ringdaemon.ring.ReplicationStrategy;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs the groups named as arguments; without any, names them. Each deserves a JVM of its own. */
public final class Bench {
  private static final Map<String, Runnable> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("packed-128", () -> LookupBench.packed(128, false));
    GROUPS.put("packed-512", () -> LookupBench.packed(512, false));
    GROUPS.put("packed-128-sick", () -> LookupBench.packed(128, true));
    GROUPS.put("packed-512-sick", () -> LookupBench.packed(512, true));
    GROUPS.put("buffer-128", () -> LookupBench.buffer(128, false));
    GROUPS.put("buffer-512", () -> LookupBench.buffer(512, false));
    GROUPS.put("buffer-512-sick", () -> LookupBench.buffer(512, true));
    GROUPS.put("objects-512", () -> LookupBench.objects(512));
    GROUPS.put("treemap-128", () -> LookupBench.treeMap(128));
    GROUPS.put("treemap-512", () -> LookupBench.treeMap(512));
    GROUPS.put("leaving-3", () -> LookupBench.leaving(3, ReplicationStrategy.DEFAULT));
    GROUPS.put("leaving-4", () -> LookupBench.leaving(4, ReplicationStrategy.IGNORE_UNHEALTHY));
    GROUPS.put("heartbeat", ChangeBench::heartbeat);
    GROUPS.put("state", ChangeBench::state);
    GROUPS.put("tokens", ChangeBench::tokens);
    GROUPS.put("build", ChangeBench::build);
    GROUPS.put("whole", ChangeBench::whole);
    GROUPS.put("merge", ChangeBench::merge);
  }

  private Bench() {}

  public static void main(String[] groups) {
    if (groups.length == 0) {
      GROUPS.keySet().forEach(System.out::println);
      return;
    }
    for (String group : groups) {
      Measure.head(group);
      GROUPS
          .getOrDefault(
              group,
              () -> {
                throw new IllegalArgumentException("no group " + group);
              })
          .run();
    }
  }
}
