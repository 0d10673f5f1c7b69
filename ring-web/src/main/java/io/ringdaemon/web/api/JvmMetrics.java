package io.ringdaemon.web.api;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.ringdaemon.metrics.Metrics;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.Supplier;

/** What the JVM says of itself, under the names Prometheus' own clients use. */
final class JvmMetrics {
  private JvmMetrics() {}

  static void register(Metrics metrics, PrometheusRegistry registry) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory(metrics, "heap", memory::getHeapMemoryUsage);
    memory(metrics, "nonheap", memory::getNonHeapMemoryUsage);
    buffers(metrics);
    collections(registry);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    metrics.gauge("jvm_threads_current", "Live threads.", threads::getThreadCount);
    metrics.gauge("jvm_threads_peak", "Most threads alive at a time.", threads::getPeakThreadCount);
    var classes = ManagementFactory.getClassLoadingMXBean();
    metrics.gauge("jvm_classes_currently_loaded", "Loaded classes.", classes::getLoadedClassCount);
    process(metrics, registry);
  }

  private static void memory(Metrics metrics, String area, Supplier<MemoryUsage> usage) {
    metrics.gauge(
        "jvm_memory_used_bytes",
        "Bytes of memory in use.",
        () -> usage.get().getUsed(),
        "area",
        area);
    metrics.gauge(
        "jvm_memory_committed_bytes",
        "Bytes of memory taken from the system.",
        () -> usage.get().getCommitted(),
        "area",
        area);
    metrics.gauge(
        "jvm_memory_max_bytes",
        "Most bytes of memory there may be; -1: no limit.",
        () -> usage.get().getMax(),
        "area",
        area);
  }

  private static void buffers(Metrics metrics) {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      metrics.gauge(
          "jvm_buffer_pool_used_bytes",
          "Bytes of buffers outside the heap, Netty's not among them.",
          pool::getMemoryUsed,
          "pool",
          pool.getName());
    }
  }

  private static void collections(PrometheusRegistry registry) {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    SummaryWithCallback.builder()
        .name("jvm_gc_collection_seconds")
        .help("Time spent collecting garbage.")
        .labelNames("gc")
        .callback(
            all ->
                collectors.forEach(
                    gc ->
                        all.call(
                            gc.getCollectionCount(),
                            gc.getCollectionTime() / 1e3,
                            Quantiles.EMPTY,
                            gc.getName())))
        .register(registry);
  }

  private static void process(Metrics metrics, PrometheusRegistry registry) {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    metrics.gauge(
        "process_start_time_seconds",
        "When the process started, in Unix seconds.",
        () -> runtime.getStartTime() / 1e3);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      metrics.gauge("process_open_fds", "Open file descriptors.", unix::getOpenFileDescriptorCount);
      metrics.gauge(
          "process_max_fds",
          "Most file descriptors there may be.",
          unix::getMaxFileDescriptorCount);
      CounterWithCallback.builder()
          .name("process_cpu_seconds_total")
          .help("CPU time used, of user and system.")
          .callback(all -> all.call(unix.getProcessCpuTime() / 1e9))
          .register(registry);
    }
  }
}
