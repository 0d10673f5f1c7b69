package io.ringdaemon.daemon.hooks;

import io.ringdaemon.daemon.config.HookConfig;
import io.ringdaemon.daemon.process.BoundedRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Does one hook, in time. Blocks; interrupting the thread cuts it short. Confined to the thread of
 * a ring's hooks.
 */
final class HookRun {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final int LONGEST_DETAIL = 300;

  private @Nullable HttpClient http;

  /**
   * Does {@code hook}.
   *
   * @param environment of a command
   * @param body of a webhook
   */
  Result run(HookConfig hook, Map<String, String> environment, String body) {
    return hook.webhook().isEmpty() ? command(hook, environment) : webhook(hook, body);
  }

  private static Result command(HookConfig hook, Map<String, String> environment) {
    BoundedRun.Outcome outcome = BoundedRun.run(hook.command(), environment, hook.timeout());
    String said = firstLine(outcome.output());
    if (outcome.interrupted()) {
      return new Result(Result.Kind.CUT_SHORT, said);
    }
    if (outcome.timedOut()) {
      return new Result(
          Result.Kind.TIMEOUT, "did not end within %d ms".formatted(hook.timeout().toMillis()));
    }
    return outcome.code() == 0
        ? new Result(Result.Kind.OK, said)
        : new Result(
            Result.Kind.FAILED,
            outcome.code() < 0
                ? said
                : "exit code " + outcome.code() + (said.isEmpty() ? "" : ": ") + said);
  }

  private static String firstLine(String output) {
    String line = output.lines().findFirst().orElse("");
    return line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL) + "…";
  }

  private Result webhook(HookConfig hook, String body) {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 0; ; attempt++) {
      Result result = post(hook, body);
      if (result.ok() || result.kind() == Result.Kind.CUT_SHORT || attempt >= hook.retries()) {
        return result;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      } catch (InterruptedException stopped) {
        return new Result(Result.Kind.CUT_SHORT, result.detail());
      }
      pause = pause.multipliedBy(2);
    }
  }

  private Result post(HookConfig hook, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(hook.webhook()))
            .timeout(hook.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    CompletableFuture<HttpResponse<Void>> answer =
        client().sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try { // the request's own limit ends with the head of the answer
      int status = answer.get(hook.timeout().toNanos(), TimeUnit.NANOSECONDS).statusCode();
      return status / 100 == 2
          ? new Result(Result.Kind.OK, "")
          : new Result(Result.Kind.FAILED, "answered with status " + status);
    } catch (TimeoutException late) {
      answer.cancel(true);
      return new Result(
          Result.Kind.TIMEOUT, "no answer within %d ms".formatted(hook.timeout().toMillis()));
    } catch (InterruptedException stopped) {
      answer.cancel(true);
      return new Result(Result.Kind.CUT_SHORT, "");
    } catch (ExecutionException | CompletionException failed) {
      return failure(failed.getCause());
    }
  }

  private static Result failure(@Nullable Throwable cause) {
    if (cause instanceof java.net.http.HttpTimeoutException) {
      return new Result(Result.Kind.TIMEOUT, "no answer in time");
    }
    String why =
        cause instanceof IOException && cause.getMessage() != null
            ? cause.getMessage()
            : String.valueOf(cause);
    return new Result(Result.Kind.FAILED, firstLine(why));
  }

  private HttpClient client() {
    HttpClient made = http;
    if (made == null) {
      made = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      http = made;
    }
    return made;
  }
}
