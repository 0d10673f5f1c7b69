package io.ringdaemon.daemon.config;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in one line why a tree of options is not a configuration: place, option, expectation. */
final class BindFailure {
  private BindFailure() {}

  static ConfigException of(JacksonException failure, Layer layer) {
    JsonPointer path = pathOf(failure);
    if (failure.getCause() instanceof InvalidSetting refused) {
      JsonPointer option = below(path, refused.path());
      return problem(
          layer, option, "expected " + refused.expectation() + ", got " + refused.value());
    }
    if (failure instanceof UnrecognizedPropertyException unknown) {
      return problem(
          layer, path, unknown(unknown.getPropertyName(), names(unknown.getKnownPropertyIds())));
    }
    if (failure instanceof MismatchedInputException mismatch) {
      String got = Described.value(layer.options().at(path));
      return problem(
          layer,
          path,
          "expected "
              + expected(mismatch.getTargetType())
              + ", got "
              + got
              + hint(mismatch, layer.options().at(path)));
    }
    if (failure instanceof InputCoercionException tooLarge) {
      String got = Described.value(layer.options().at(path));
      return problem(
          layer, path, "expected " + expected(tooLarge.getTargetType()) + ", got " + got);
    }
    return problem(layer, path, String.valueOf(failure.getOriginalMessage()));
  }

  /** There is no option {@code path}; its siblings are {@code known}. */
  static ConfigException unknown(Layer layer, JsonPointer path, Collection<String> known) {
    return problem(layer, path, unknown(path.last().getMatchingProperty(), known));
  }

  /** What to say about the name of an option that is none. */
  static String unknown(String name, Collection<String> known) {
    return NearMiss.of(name, known)
        .map(near -> "unknown option, did you mean \"" + near + "\"?")
        .orElseGet(() -> "unknown option, expected " + Described.anyOf(List.copyOf(known)));
  }

  private static ConfigException problem(Layer layer, JsonPointer path, String problem) {
    String origin = layer.origins().of(path);
    String option = path.matches() ? "" : Described.path(path) + ": ";
    return new ConfigException((origin.isEmpty() ? "" : origin + ": ") + option + problem);
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "another value";
    }
    if (type.isEnum()) {
      return "one of " + Described.anyOf(constants(type));
    }
    if (type == Duration.class) {
      return "a duration such as 1m30s, 200ms or 48h";
    }
    if (type == int.class) {
      return "a whole number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "text";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return Map.class.isAssignableFrom(type) || type.isRecord() ? "a map" : "another value";
  }

  private static String hint(MismatchedInputException mismatch, JsonNode got) {
    if (mismatch.getTargetType() == String.class && got.isValueNode()) {
      return " (put it in quotes)";
    }
    boolean enumeration = mismatch.getTargetType() != null && mismatch.getTargetType().isEnum();
    if (enumeration && mismatch instanceof InvalidFormatException format) {
      return NearMiss.of(String.valueOf(format.getValue()), constants(format.getTargetType()))
          .map(near -> ", did you mean \"" + near + "\"?")
          .orElse("");
    }
    return "";
  }

  private static List<String> constants(Class<?> type) {
    return java.util.Arrays.stream(type.getEnumConstants())
        .map(constant -> ConfigMapper.YAML.<JsonNode>valueToTree(constant).stringValue())
        .toList();
  }

  private static Set<String> names(Collection<Object> ids) {
    var names = new TreeSet<String>();
    ids.forEach(id -> names.add(id.toString()));
    return names;
  }

  private static JsonPointer pathOf(JacksonException failure) {
    JsonPointer path = JsonPointer.empty();
    for (JacksonException.Reference step : failure.getPath()) {
      path =
          step.getPropertyName() == null
              ? path.appendIndex(step.getIndex())
              : path.appendProperty(step.getPropertyName());
    }
    return path;
  }

  private static JsonPointer below(JsonPointer path, List<String> names) {
    JsonPointer option = path;
    for (String name : names) {
      option = option.appendProperty(name);
    }
    return option;
  }
}
