package io.ringdaemon.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes jetcd's client as configured. It connects when first asked. */
final class EtcdClient {
  private static final Duration KEEPALIVE = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER = 16 << 20;

  private EtcdClient() {}

  static Client of(EtcdConfig config) {
    String scheme = config.tls().isPresent() ? "https://" : "http://";
    ClientBuilder builder =
        Client.builder()
            .endpoints(config.endpoints().stream().map(at -> URI.create(scheme + at)).toList())
            .connectTimeout(config.dialTimeout())
            .keepaliveTime(KEEPALIVE)
            .keepaliveTimeout(config.dialTimeout().multipliedBy(2))
            .maxInboundMessageSize(LARGEST_ANSWER)
            // Refused at once says why; who tries again, and when, is decided by the store.
            .waitForReady(false)
            .retryMaxAttempts(0)
            .interceptor(new Deadline(config.requestTimeout()));
    if (!config.username().isEmpty()) {
      builder.user(bytes(config.username())).password(bytes(config.password()));
    }
    config
        .tls()
        .ifPresent(
            tls -> {
              builder.sslContext(tls.context(GrpcSslContexts.forClient(), "etcd"));
              if (!tls.serverName().isEmpty()) {
                builder.authority(tls.serverName());
              }
            });
    return builder.build();
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  /** Ends every request that isn't answered in time; watches live on. */
  private record Deadline(Duration limit) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return next.newCall(
          method,
          method.getType() == MethodDescriptor.MethodType.UNARY
              ? options.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)
              : options);
    }
  }
}
