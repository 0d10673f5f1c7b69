package io.ringdaemon.daemon.config;

import java.util.List;

/** A command as a list of words. */
final class Words {
  private static final int MOST = 64;
  private static final int LONGEST = 4096;

  private Words() {}

  /** Refuses what no system would start; an empty list is no command and is left to the caller. */
  static void check(String field, List<String> words) {
    InvalidSetting.unless(
        words.size() <= MOST, field, words.size() + " words", "at most " + MOST + " words");
    InvalidSetting.unless(
        words.isEmpty() || !words.get(0).isBlank(), field, "", "a program and its arguments");
    for (String word : words) {
      InvalidSetting.unless(
          word.length() <= LONGEST && word.indexOf('\0') < 0,
          field,
          word.length() + " characters",
          "words of at most " + LONGEST + " characters");
    }
  }
}
