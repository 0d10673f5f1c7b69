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
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

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
              builder.sslContext(context(tls));
              if (!tls.serverName().isEmpty()) {
                builder.authority(tls.serverName());
              }
            });
    return builder.build();
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  private static SslContext context(EtcdConfig.Tls tls) {
    try {
      SslContextBuilder builder = GrpcSslContexts.forClient();
      if (!tls.certPath().isEmpty()) {
        builder.keyManager(new File(tls.certPath()), new File(tls.keyPath()));
      }
      if (tls.insecureSkipVerify()) {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
      } else if (!tls.caPath().isEmpty()) {
        builder.trustManager(new File(tls.caPath()));
      }
      if (!tls.cipherSuites().isEmpty()) {
        builder.ciphers(tls.cipherSuites());
      }
      if (tls.minVersion().equals("TLSv1.3")) {
        builder.protocols("TLSv1.3");
      } else {
        builder.protocols("TLSv1.3", "TLSv1.2");
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException unusable) {
      Throwable why = unusable.getCause() == null ? unusable : unusable.getCause();
      throw new IllegalArgumentException(
          "the certificates for etcd can't be used: " + why.getMessage(), unusable);
    }
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
