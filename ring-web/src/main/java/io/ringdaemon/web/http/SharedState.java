package io.ringdaemon.web.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.ringdaemon.metrics.Metrics;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * What all connections of a server have in common.
 *
 * <p><b>Threading:</b> confined to the server's only event loop, but for what is counted.
 */
final class SharedState {
  final HttpHandler handler;
  final String release;
  final HttpLimits limits;
  final BooleanSupplier stopping;
  final LongAdder bad;
  final LongAdder refused;
  final LongAdder dropped;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  final Set<ChannelHandlerContext> waiting = new LinkedHashSet<>();
  long unfinished;
  long unsent;
  int longAnswers;
  final AtomicInteger streams = new AtomicInteger();

  SharedState(
      HttpHandler handler,
      String release,
      HttpLimits limits,
      Metrics metrics,
      BooleanSupplier stopping) {
    this.handler = handler;
    this.release = release;
    this.limits = limits;
    this.stopping = stopping;
    this.bad =
        metrics.counter(
            "ring_daemon_http_bad_requests_total",
            "Requests refused as malformed, too large or too slow.");
    this.refused =
        metrics.counter(
            "ring_daemon_http_refused_connections_total",
            "Connections closed because too many were open.");
    this.dropped =
        metrics.counter(
            "ring_daemon_http_dropped_streams_total",
            "Event streams closed because the client did not read.");
    metrics.gauge("ring_daemon_http_streams", "Clients that are sent events.", () -> streams.get());
    metrics.gauge(
        "ring_daemon_http_connections",
        "Open HTTP connections.",
        () -> Math.max(0, connections.size() - 1));
  }

  ChannelGroup connections() {
    return connections;
  }

  /** Where all places are taken, whoever waited longest without a whole request goes. */
  @SuppressWarnings("FutureReturnValueIgnored") // closing: nobody waits for it
  boolean admit(Channel channel) {
    if (connections.size() > limits.connections()) {
      refused.increment();
      if (waiting.isEmpty()) {
        return false;
      }
      waiting.iterator().next().close();
    }
    connections.add(channel);
    return true;
  }
}
