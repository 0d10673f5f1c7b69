package io.ringdaemon.web.http;

import java.util.Locale;

/**
 * One line for each request that would change something, done or refused, to the logger {@code
 * io.ringdaemon.audit}: who, by which proof, from where, what, and with which result. What clients
 * sent is shortened, and its control characters and quotes are replaced, so that nobody writes
 * lines of his own.
 */
final class AuditLog {
  static final String NAME = "io.ringdaemon.audit";
  private static final System.Logger log = System.getLogger(NAME);
  private static final int LONGEST = 300;

  private AuditLog() {}

  /** {@code request} as it was admitted, or, if it was not, as it came. */
  static void write(Request request, boolean admitted, int status, String why) {
    Identity identity = request.caller().identity();
    String who = admitted ? identity.name() : "unknown";
    log.log(
        System.Logger.Level.INFO,
        "who=\"{0}\" role={1} by={2} from={3} what=\"{4} {5}\" with=\"{6}\" status={7}"
            + " result=\"{8}\"",
        plain(who),
        admitted ? identity.role().name().toLowerCase(Locale.ROOT) : "none",
        admitted ? identity.way() : "none",
        request.caller().address(),
        plain(request.method()),
        plain(request.path() + (request.query() == Params.NONE ? "" : " " + request.query())),
        plain(request.body().strip()),
        Integer.toString(status),
        plain(why));
  }

  static String plain(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .map(c -> c == '"' ? '\'' : Character.isISOControl(c) || format(c) ? '?' : c)
        .forEach(kept::appendCodePoint);
    return text.length() > LONGEST ? kept + "…" : kept.toString();
  }

  /** Marks that turn the direction of text, line separators, and halves of characters. */
  private static boolean format(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
