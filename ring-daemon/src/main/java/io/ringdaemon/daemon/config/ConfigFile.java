package io.ringdaemon.daemon.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** A config file: YAML, at most 1 MiB. */
final class ConfigFile {
  private static final long LARGEST = 1 << 20;

  private ConfigFile() {}

  static Layer read(Path file, boolean expandEnv, Map<String, String> environment) {
    String text = text(file);
    return YamlSource.read(
        file.toString(),
        expandEnv ? EnvExpansion.expand(file.toString(), text, environment) : text);
  }

  private static String text(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new ConfigException(file + ": expected a file, this is a directory");
      }
      if (Files.size(file) > LARGEST) {
        throw new ConfigException(file + ": expected at most 1 MiB");
      }
      return Files.readString(file);
    } catch (NoSuchFileException absent) {
      throw new ConfigException(file + ": no such config file");
    } catch (AccessDeniedException denied) {
      throw new ConfigException(file + ": may not be read: permission denied");
    } catch (CharacterCodingException notText) {
      throw new ConfigException(file + ": expected UTF-8 text");
    } catch (IOException unreadable) {
      throw new ConfigException(file + ": can't be read: " + unreadable.getMessage());
    }
  }
}
