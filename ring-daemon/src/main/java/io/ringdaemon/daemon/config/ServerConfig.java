package io.ringdaemon.daemon.config;

/**
 * Where HTTP is served.
 *
 * @param httpListenPort 0 takes any free port
 * @param allowInsecure HTTP beyond loopback although anybody who reaches it may change rings
 */
public record ServerConfig(String httpListenAddress, int httpListenPort, boolean allowInsecure) {
  public static final ServerConfig DEFAULTS = new ServerConfig("127.0.0.1", 7980, false);

  public ServerConfig {
    InvalidSetting.unless(
        HostPort.isHost(httpListenAddress),
        "http_listen_address",
        httpListenAddress,
        "an address or a host name");
    InvalidSetting.unlessWithin("http_listen_port", httpListenPort, 0, 65535);
  }
}
