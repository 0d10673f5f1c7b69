package io.ringdaemon.web.http;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.ringdaemon.metrics.Metrics;

/** What Netty says of the whole process's buffers and of the threads that serve HTTP. */
final class NettyMetrics {
  private NettyMetrics() {}

  static void register(Metrics metrics, EventLoopGroup loops) {
    metrics.gauge(
        "netty_direct_memory_used_bytes",
        "Bytes of direct memory Netty holds, in buffers and kept for reuse; -1: not known.",
        PlatformDependent::usedDirectMemory);
    metrics.gauge(
        "netty_direct_memory_max_bytes",
        "Most bytes of direct memory Netty may hold.",
        PlatformDependent::maxDirectMemory);
    PooledByteBufAllocatorMetric pool = PooledByteBufAllocator.DEFAULT.metric();
    metrics.gauge(
        "netty_pool_used_bytes",
        "Bytes the pool of buffers has taken.",
        pool::usedDirectMemory,
        "kind",
        "direct");
    metrics.gauge(
        "netty_pool_used_bytes",
        "Bytes the pool of buffers has taken.",
        pool::usedHeapMemory,
        "kind",
        "heap");
    metrics.gauge(
        "netty_eventloop_pending_tasks",
        "Tasks waiting for the threads that serve HTTP.",
        () -> pending(loops));
  }

  private static long pending(EventLoopGroup loops) {
    long sum = 0;
    for (var loop : loops) {
      sum += loop instanceof SingleThreadEventExecutor executor ? executor.pendingTasks() : 0;
    }
    return sum;
  }
}
