package io.ringdaemon.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code --set path.to.option=value}: the value is YAML, a name with dots stands in double quotes.
 */
final class SetOption {
  private static final Pattern NAME = Pattern.compile("\\G(?:\"([^\"]+)\"|([^\".=]+))(\\.|=)");

  private SetOption() {}

  static Layer parse(String text) {
    var path = new ArrayList<String>();
    Matcher name = NAME.matcher(text);
    while (name.find()) {
      path.add(Optional.ofNullable(name.group(1)).orElseGet(() -> name.group(2)).strip());
      if (name.group(3).equals("=")) {
        return layer(path, text, text.substring(name.end()));
      }
    }
    throw new ConfigException("--set " + text + ": expected path.to.option=value");
  }

  private static Layer layer(List<String> path, String text, String value) {
    String origin = "--set " + text;
    return Layer.of(path, YamlSource.scalar(value, origin), origin);
  }
}
