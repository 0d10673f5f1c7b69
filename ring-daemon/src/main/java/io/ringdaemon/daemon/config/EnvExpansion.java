package io.ringdaemon.daemon.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables into a config file's text: {@code ${VAR}} and {@code ${VAR:default}},
 * not in comments.
 */
final class EnvExpansion {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:([^}\\n]*))?}");

  private EnvExpansion() {}

  static String expand(String name, String text, Map<String, String> environment) {
    var expanded = new StringBuilder();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean comment = lines[i].stripLeading().startsWith("#");
      expanded.append(comment ? lines[i] : line(name + ":" + (i + 1), lines[i], environment));
      expanded.append(i < lines.length - 1 ? "\n" : "");
    }
    return expanded.toString();
  }

  private static String line(String place, String line, Map<String, String> environment) {
    Matcher variable = VARIABLE.matcher(line);
    return variable.replaceAll(
        found -> {
          String value = environment.getOrDefault(found.group(1), found.group(3));
          if (value == null) {
            throw new ConfigException(
                String.format(
                    "%s:%d: environment variable %s is not set: set it or write ${%s:default}",
                    place, found.start() + 1, found.group(1), found.group(1)));
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
