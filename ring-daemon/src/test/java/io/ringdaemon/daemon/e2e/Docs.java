package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Examples of the documents, so that they stay true. */
final class Docs {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));

  private Docs() {}

  /** The only block of {@code language} in a document. */
  static String block(String document, String language) throws IOException {
    String text = Files.readString(ROOT.resolve("docs").resolve(document));
    String begin = "\n```" + language + "\n";
    int start = text.indexOf(begin);
    int end = text.indexOf("\n```", start + begin.length());
    if (start < 0 || end < 0 || text.indexOf(begin, end) >= 0) {
      throw new AssertionError(document + " has no or several blocks of " + language);
    }
    return text.substring(start + begin.length(), end + 1);
  }
}
