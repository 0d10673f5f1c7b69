package io.ringdaemon.web.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Style sheet, script and icon, from the class path; their addresses change with their content. */
public final class Assets {
  /** A file and its media type. */
  public record Asset(String type, String text) {}

  private static final Map<String, String> TYPES =
      Map.of(
          "style.css", "text/css; charset=utf-8",
          "live.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");
  static final Assets INSTANCE = new Assets(); // after what it reads

  private final Map<String, Asset> files = new TreeMap<>();

  private Assets() {
    TYPES.forEach((name, type) -> files.put(name, new Asset(type, read(name))));
  }

  public Optional<Asset> named(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** Its address: a browser may keep for ever what it got from there. */
  public String href(String name) {
    return "/assets/%s?v=%08x".formatted(name, named(name).hashCode());
  }

  private static String read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream("assets/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks assets/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
