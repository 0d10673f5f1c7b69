package io.ringdaemon.daemon.config;

import java.time.Duration;
import java.util.List;

/**
 * A health check of the application that this daemon speaks for: one of {@code http}, {@code tcp}
 * and {@code exec}.
 *
 * @param http a URL that answers 2xx when all is well
 * @param tcp {@code HOST:PORT} that can be connected to
 * @param exec program and arguments that ends with 0
 * @param interval from the end of one to the begin of the next
 * @param timeout after which no answer is a failure
 * @param threshold failures in a row that make the instance unhealthy
 * @param successes successes in a row that bring it back
 */
public record CheckConfig(
    String http,
    String tcp,
    List<String> exec,
    Duration interval,
    Duration timeout,
    int threshold,
    int successes) {
  /** What holds where a check says nothing. */
  static final CheckConfig DEFAULTS =
      new CheckConfig("", "", List.of("true"), Duration.ofSeconds(5), Duration.ofSeconds(2), 3, 1);

  public CheckConfig {
    exec = List.copyOf(exec);
    int kinds = (http.isEmpty() ? 0 : 1) + (tcp.isEmpty() ? 0 : 1) + (exec.isEmpty() ? 0 : 1);
    InvalidSetting.unless(
        kinds == 1, "http", kinds + " of the three", "exactly one of http, tcp and exec");
    InvalidSetting.unless(
        http.isEmpty() || HookConfig.isHttp(http),
        "http",
        http,
        "http://HOST… or https://HOST…, without a password");
    InvalidSetting.unless(
        tcp.isEmpty() || HostPort.parse(tcp).filter(at -> at.port() > 0).isPresent(),
        "tcp",
        tcp,
        "HOST:PORT");
    Words.check("exec", exec);
    InvalidSetting.unlessWithin("interval", interval, "100ms", "1h");
    InvalidSetting.unlessWithin("timeout", timeout, "10ms", "5m");
    InvalidSetting.unlessWithin("threshold", threshold, 1, 100);
    InvalidSetting.unlessWithin("successes", successes, 1, 100);
  }

  /** The check in words: {@code http http://…}, {@code tcp …}, {@code exec …}. */
  public String name() {
    return !http.isEmpty()
        ? "http " + http
        : !tcp.isEmpty() ? "tcp " + tcp : "exec " + String.join(" ", exec);
  }
}
