package io.ringdaemon.web.http;

/**
 * What a handler that goes on telling gives instead of a body: server-sent events, as browsers'
 * {@code EventSource} and {@code curl -N} read them. See {@link Response#events}.
 *
 * <p>The server sends a comment now and then so that both sides notice when the other is gone, and
 * drops a client that doesn't take what it asked for; such a client comes again with {@code
 * Last-Event-ID}. So events tell the present state, or can be sent again from an id on.
 */
@FunctionalInterface
public interface EventStream {
  /**
   * Begins; called once, on the server's thread, when the head of the response is on its way. The
   * result is run once, on that thread, when the client has gone or was dropped.
   */
  Runnable open(Sink sink);

  /** Where events go. Any thread. */
  @FunctionalInterface
  interface Sink {
    /** Sends, unless the client has gone. Never blocks. */
    void send(Event event);
  }

  /**
   * One event.
   *
   * @param id what the client says in {@code Last-Event-ID} when it comes again; empty: as before
   * @param name what listeners of a browser listen for
   * @param data text of any number of lines
   */
  record Event(String id, String name, String data) {
    /** As on the wire. */
    String text() {
      StringBuilder text = new StringBuilder(data.length() + 64);
      if (!id.isEmpty()) {
        text.append("id: ").append(line(id)).append('\n');
      }
      text.append("event: ").append(line(name)).append('\n');
      data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
      return text.append('\n').toString();
    }

    private static String line(String text) {
      return text.replaceAll("[\\r\\n\\x00]", " ");
    }
  }
}
