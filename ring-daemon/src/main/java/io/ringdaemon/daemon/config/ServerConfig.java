package io.ringdaemon.daemon.config;

import io.ringdaemon.daemon.local.LogLevel;

/**
 * Where HTTP is served, to whom, and how much is logged.
 *
 * @param httpListenPort 0 takes any free port
 * @param allowInsecure HTTP beyond loopback although anybody who reaches it may change rings
 * @param tlsCertPath this node's certificate in PEM, then those between it and its CA; empty: plain
 *     HTTP
 * @param tlsKeyPath its private key in PEM, PKCS #8
 * @param tlsClientCaPath PEM files, separated by commas, of those who sign clients' certificates;
 *     empty: none is asked for
 * @param authFile who may look and who may change, see {@link io.ringdaemon.web.http.Accounts};
 *     empty: everybody, or, with {@code tlsClientCaPath}, whoever has a certificate
 * @param logLevel the least important level that is logged; {@code --log.level} wins
 */
public record ServerConfig(
    String httpListenAddress,
    int httpListenPort,
    boolean allowInsecure,
    String tlsCertPath,
    String tlsKeyPath,
    String tlsClientCaPath,
    String authFile,
    LogLevel logLevel) {
  public static final ServerConfig DEFAULTS =
      new ServerConfig("127.0.0.1", 7980, false, "", "", "", "", LogLevel.INFO);

  public ServerConfig {
    InvalidSetting.unless(
        HostPort.isHost(httpListenAddress),
        "http_listen_address",
        httpListenAddress,
        "an address or a host name");
    InvalidSetting.unlessWithin("http_listen_port", httpListenPort, 0, 65535);
  }

  /** Whether HTTP is https. */
  public boolean tls() {
    return !tlsCertPath.isEmpty();
  }

  /** Whether somebody must show who he is. */
  public boolean credentials() {
    return !authFile.isEmpty() || !tlsClientCaPath.isEmpty();
  }

  /** The files of certificates and accounts. */
  public HttpFiles files() {
    return HttpFiles.of(this);
  }
}
