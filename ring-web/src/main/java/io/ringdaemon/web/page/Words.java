package io.ringdaemon.web.page;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How figures and names are worded on pages. */
final class Words {
  private static final int LONGEST_NAME = 160;
  private static final int LONGEST_SENTENCE = 600;
  private static final int LONGEST_LINE = 600;

  private Words() {}

  /** An age in its largest unit: 19 s, 3 min, 2 h, 5 d. */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86400 + " d";
  }

  /** A share of one: 31.8 %. */
  static String percent(double share) {
    return share > 0 && share < 0.0005
        ? "< 0.1 %"
        : String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  /** A share of one among thousands of others: 0.0512 %. */
  static String fine(double share) {
    return share >= 0.01 ? percent(share) : String.format(Locale.ROOT, "%.3g %%", share * 100);
  }

  static String count(long count, String one, String many) {
    return count == 1 ? "1 " + one : String.format(Locale.ROOT, "%,d %s", count, many);
  }

  /** The first few names; then how many more. */
  static String names(List<String> names) {
    int most = 4;
    List<String> shown = names.stream().limit(most).map(Words::shown).toList();
    if (names.size() > most) {
      return String.join(", ", shown) + " and " + (names.size() - most) + " more";
    }
    return shown.size() < 2
        ? String.join("", shown)
        : String.join(", ", shown.subList(0, shown.size() - 1))
            + " and "
            + shown.get(shown.size() - 1);
  }

  /**
   * A name somebody else chose, fit to be looked at: control characters and those that turn the
   * direction of writing are made visible, what is too long is cut.
   */
  static String shown(String name) {
    return shown(name, LONGEST_NAME);
  }

  /** A sentence, treated likewise. */
  static String sentence(String text) {
    return shown(text, LONGEST_SENTENCE);
  }

  /** Text of many lines, treated likewise but for its ends of lines. */
  static String lines(String text) {
    return text.lines()
        .map(line -> shown(line, LONGEST_LINE))
        .collect(java.util.stream.Collectors.joining("\n"));
  }

  private static String shown(String text, int most) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(most)
        .forEach(point -> shown.appendCodePoint(hidden(point) ? 0xFFFD : point));
    return text.codePointCount(0, text.length()) > most
        ? shown.append('…').toString()
        : shown.toString();
  }

  private static boolean hidden(int point) {
    int type = Character.getType(point);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
