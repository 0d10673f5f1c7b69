package io.ringdaemon.web.http;

import java.time.Duration;

/**
 * What one client, and all of them, may ask of the server.
 *
 * @param line longest first line of a request
 * @param headers most bytes of all headers
 * @param body most bytes of a body
 * @param unfinishedBodies most bytes of all bodies that are not answered yet
 * @param connections most open connections
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
    int connections,
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
          1024,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          256,
          Duration.ofSeconds(10));

  public HttpLimits withRequestTimeout(Duration timeout) {
    return new HttpLimits(
        line,
        headers,
        body,
        unfinishedBodies,
        connections,
        timeout,
        writeTimeout,
        grace,
        streams,
        heartbeat);
  }

  public HttpLimits withConnections(int most) {
    return new HttpLimits(
        line,
        headers,
        body,
        unfinishedBodies,
        most,
        requestTimeout,
        writeTimeout,
        grace,
        streams,
        heartbeat);
  }

  public HttpLimits withStreams(int most, Duration pause) {
    return new HttpLimits(
        line,
        headers,
        body,
        unfinishedBodies,
        connections,
        requestTimeout,
        writeTimeout,
        grace,
        most,
        pause);
  }
}
