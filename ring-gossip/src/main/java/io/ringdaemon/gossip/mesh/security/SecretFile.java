package io.ringdaemon.gossip.mesh.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a small text file, or says why it can't. Blocks. */
public final class SecretFile {
  private static final int LARGEST = 1 << 20;

  private SecretFile() {}

  /** The text of {@code file}, of at most 1 MiB, byte for byte. */
  public static String text(Path file) throws SecretFileException {
    try {
      if (Files.isDirectory(file)) {
        throw new SecretFileException(file, "expected a file, this is a directory");
      }
      if (Files.size(file) > LARGEST) {
        throw new SecretFileException(file, "expected at most 1 MiB");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1); // what matters in it is ASCII
    } catch (NoSuchFileException absent) {
      throw new SecretFileException(file, "no such file");
    } catch (AccessDeniedException denied) {
      throw new SecretFileException(file, "may not be read: permission denied");
    } catch (IOException unreadable) {
      throw new SecretFileException(file, "can't be read: " + unreadable.getMessage());
    }
  }

  /** Changes when the file does; the same for a file that is not there. */
  public static String stamp(Path file) {
    try {
      return file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException absent) {
      return file + " absent";
    }
  }
}
