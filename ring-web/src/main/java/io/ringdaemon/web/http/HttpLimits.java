package io.ringdaemon.web.http;

import java.time.Duration;

/**
 * What one client, and all of them, may ask of the server.
 *
 * @param line longest first line of a request
 * @param headers most bytes of all headers
 * @param body most bytes of a body
 * @param unfinishedBodies most bytes of all bodies that are not answered yet
 * @param unsent most bytes of all answers that clients have not taken yet, but for a single one
 * @param connections most open connections; beyond, the one that waited longest is closed
 * @param handshake longest wait for TLS
 * @param requestTimeout longest wait for a whole request, idle time included
 * @param writeTimeout longest wait for a client to take what it asked for
 * @param grace how long {@code stop} waits for requests in work
 * @param streams most connections that are sent events
 * @param heartbeat how often each of those is sent a comment
 */
public record HttpLimits(
    int line,
    int headers,
    int body,
    long unfinishedBodies,
    long unsent,
    int connections,
    Duration handshake,
    Duration requestTimeout,
    Duration writeTimeout,
    Duration grace,
    int streams,
    Duration heartbeat) {
  public static final HttpLimits DEFAULTS =
      new HttpLimits(
          8 << 10,
          16 << 10,
          1 << 20,
          16 << 20,
          64 << 20,
          4096,
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          2000,
          Duration.ofSeconds(10));

  public HttpLimits withRequestTimeout(Duration timeout) {
    return with(connections, unsent, timeout, streams, heartbeat);
  }

  public HttpLimits withConnections(int most) {
    return with(most, unsent, requestTimeout, streams, heartbeat);
  }

  public HttpLimits withUnsent(long most) {
    return with(connections, most, requestTimeout, streams, heartbeat);
  }

  public HttpLimits withStreams(int most, Duration pause) {
    return with(connections, unsent, requestTimeout, most, pause);
  }

  private HttpLimits with(
      int mostConnections, long mostUnsent, Duration timeout, int mostStreams, Duration pause) {
    return new HttpLimits(
        line,
        headers,
        body,
        unfinishedBodies,
        mostUnsent,
        mostConnections,
        handshake,
        timeout,
        writeTimeout,
        grace,
        mostStreams,
        pause);
  }
}
