package io.ringdaemon.web.api;

import io.ringdaemon.metrics.Metrics;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;

/** What the JVM says of itself, under the names Prometheus' own clients use. */
final class JvmMetrics {
  private JvmMetrics() {}

  static void register(Metrics metrics) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    String used = "Bytes of memory in use.";
    metrics.gauge(
        "jvm_memory_used_bytes", used, () -> memory.getHeapMemoryUsage().getUsed(), "area", "heap");
    metrics.gauge(
        "jvm_memory_used_bytes",
        used,
        () -> memory.getNonHeapMemoryUsage().getUsed(),
        "area",
        "nonheap");
    metrics.gauge(
        "jvm_memory_max_bytes",
        "Most bytes the heap may take.",
        () -> memory.getHeapMemoryUsage().getMax(),
        "area",
        "heap");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      metrics.gauge(
          "jvm_buffer_pool_used_bytes",
          "Bytes of buffers outside the heap.",
          pool::getMemoryUsed,
          "pool",
          pool.getName());
    }
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      metrics.gauge(
          "jvm_gc_seconds",
          "Time spent collecting.",
          () -> gc.getCollectionTime() / 1e3,
          "gc",
          gc.getName());
      metrics.gauge(
          "jvm_gc_collections", "Collections.", gc::getCollectionCount, "gc", gc.getName());
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    metrics.gauge("jvm_threads_current", "Live threads.", threads::getThreadCount);
    ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    metrics.gauge("jvm_classes_currently_loaded", "Loaded classes.", classes::getLoadedClassCount);
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    metrics.gauge(
        "process_start_time_seconds",
        "When the process started, in Unix seconds.",
        () -> runtime.getStartTime() / 1e3);
  }
}
