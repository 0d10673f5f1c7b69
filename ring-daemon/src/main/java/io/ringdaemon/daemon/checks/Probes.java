package io.ringdaemon.daemon.checks;

import io.ringdaemon.daemon.config.CheckConfig;
import io.ringdaemon.daemon.config.HostPort;
import io.ringdaemon.daemon.process.BoundedRun;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The three ways to ask an application. */
final class Probes {
  private static final int LONGEST = 120;
  private static final int OK = 2;

  private Probes() {}

  /** {@code environment} is for commands. */
  static Probe of(CheckConfig check, Map<String, String> environment) {
    if (!check.http().isEmpty()) {
      return http(URI.create(check.http()));
    }
    return check.tcp().isEmpty()
        ? exec(check.exec(), environment)
        : tcp(HostPort.parse(check.tcp()).orElseThrow());
  }

  private static Probe http(URI url) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    return limit -> {
      HttpRequest request = HttpRequest.newBuilder(url).GET().build();
      CompletableFuture<HttpResponse<Void>> answer =
          client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
      CompletableFuture<String> told =
          answer
              .copy()
              .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS) // the body too, if it never ends
              .thenApply(got -> got.statusCode() / 100 == OK ? "" : "status " + got.statusCode())
              .exceptionally(failure -> words(failure, limit));
      return told.whenComplete((wrong, never) -> answer.cancel(true));
    };
  }

  private static Probe tcp(HostPort to) {
    return inItsThread(
        "tcp",
        limit -> {
          try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(to.host(), to.port());
            if (address.isUnresolved()) {
              return "no such host: " + to.host();
            }
            socket.connect(address, (int) Math.max(1, limit.toMillis()));
            return "";
          } catch (IOException failed) {
            return words(failed, limit);
          }
        });
  }

  private static Probe exec(List<String> command, Map<String, String> environment) {
    return inItsThread(
        "exec",
        limit -> {
          BoundedRun.Outcome outcome = BoundedRun.run(command, environment, limit);
          if (outcome.code() == 0) {
            return "";
          }
          String said = shortly(outcome.output().lines().findFirst().orElse(""));
          return outcome.timedOut()
              ? "did not end within %d ms".formatted(limit.toMillis())
              : outcome.code() < 0
                  ? said
                  : "exit code " + outcome.code() + (said.isEmpty() ? "" : ": " + said);
        });
  }

  private static Probe inItsThread(String kind, Function<Duration, String> work) {
    Executor thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "check-" + kind);
              made.setDaemon(true);
              return made;
            });
    return limit -> CompletableFuture.supplyAsync(() -> work.apply(limit), thread);
  }

  private static String words(Throwable failure, Duration limit) {
    @Nullable Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TimeoutException || cause instanceof java.net.SocketTimeoutException) {
      return "no answer within %d ms".formatted(limit.toMillis());
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    if (cause instanceof UnknownHostException) {
      return "no such host";
    }
    String message = cause.getMessage();
    return shortly(message == null ? cause.toString() : message);
  }

  private static String shortly(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
