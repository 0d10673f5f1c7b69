package io.ringdaemon.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which build this is. */
public final class Version {
  private static final String WRITTEN_BY_MAVEN =
      "/META-INF/maven/io.ringdaemon/ring-daemon/pom.properties";

  private Version() {}

  /** The version in this jar, {@code dev} when running from compiled classes. */
  public static String text() {
    try (InputStream in = Version.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
      if (in == null) {
        return "dev";
      }
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "dev");
    } catch (IOException unreadable) {
      return "unknown";
    }
  }
}
