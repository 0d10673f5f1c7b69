package io.ringdaemon.daemon.config;

import io.ringdaemon.daemon.local.LogLevel;

/**
 * Where HTTP is served, and how much is logged.
 *
 * @param httpListenPort 0 takes any free port
 * @param allowInsecure HTTP beyond loopback although anybody who reaches it may change rings
 * @param logLevel the least important level that is logged; {@code --log.level} wins
 */
public record ServerConfig(
    String httpListenAddress, int httpListenPort, boolean allowInsecure, LogLevel logLevel) {
  public static final ServerConfig DEFAULTS =
      new ServerConfig("127.0.0.1", 7980, false, LogLevel.INFO);

  public ServerConfig {
    InvalidSetting.unless(
        HostPort.isHost(httpListenAddress),
        "http_listen_address",
        httpListenAddress,
        "an address or a host name");
    InvalidSetting.unlessWithin("http_listen_port", httpListenPort, 0, 65535);
  }
}
