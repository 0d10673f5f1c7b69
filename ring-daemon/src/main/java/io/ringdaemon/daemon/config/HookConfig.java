package io.ringdaemon.daemon.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What is done when this node's instance begins or ceases to lead: a command or a webhook.
 *
 * @param command program and arguments; empty: a webhook
 * @param webhook where a JSON object is posted; empty: a command
 * @param timeout longest time of one attempt
 * @param retries further attempts of a webhook that failed
 */
public record HookConfig(List<String> command, String webhook, Duration timeout, int retries) {
  /** What holds where a hook says nothing. */
  static final HookConfig DEFAULTS = new HookConfig(List.of("true"), "", Duration.ofSeconds(10), 3);

  public HookConfig {
    command = List.copyOf(command);
    InvalidSetting.unless(
        command.isEmpty() != webhook.isEmpty(),
        "command",
        command.isEmpty() ? "neither" : "both",
        "either a command, a list such as [/usr/bin/take, now], or a webhook");
    Words.check("command", command);
    InvalidSetting.unless(
        webhook.isEmpty() || isHttp(webhook),
        "webhook",
        webhook,
        "http://HOST… or https://HOST…, without a password");
    InvalidSetting.unlessWithin("timeout", timeout, "100ms", "10m");
    InvalidSetting.unlessWithin("retries", retries, 0, 10);
  }

  /** Whether {@code text} is a URL to ask; one with a password would show it in logs and pages. */
  static boolean isHttp(String text) {
    try {
      URI uri = URI.create(text);
      boolean http =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      return http && uri.getHost() != null && uri.getUserInfo() == null;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** The hook in words. */
  public String name() {
    return webhook.isEmpty() ? String.join(" ", command) : webhook;
  }
}
