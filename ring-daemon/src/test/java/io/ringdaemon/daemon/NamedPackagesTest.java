package io.ringdaemon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The libraries this project was asked to build on stay, by name in the root POM and in use by our
 * classes; JUnit by the BOM that names all its artifacts.
 */
class NamedPackagesTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

  private static JavaClasses ours = new ClassFileImporter().importClasses();
  private static String pom = "";

  @BeforeAll
  static void readAll() throws IOException {
    ours = new ClassFileImporter().importPackages("io.ringdaemon");
    pom = Files.readString(ROOT.resolve("pom.xml"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "netty-all, netty-all,          io.netty.,              the HTTP server and the transport of the gossip",
    "scalecube-cluster, scalecube-cluster,  io.scalecube.cluster.,  membership and failure detection",
    "protobuf-java, protobuf-java,      com.google.protobuf.,   'the bytes of rings, compatible with dskit'",
    "picocli, picocli,            picocli.,               the command line",
    "HdrHistogram, HdrHistogram,       org.HdrHistogram.,      latencies and gossip delay",
    "junit-jupiter, junit-bom,      org.junit.jupiter.,     these tests"
  })
  void isNamedInTheRootPomAndUsed(String artifact, String named, String classes, String purpose) {
    boolean used =
        ours.stream()
            .flatMap(ourClass -> ourClass.getDirectDependenciesFromSelf().stream())
            .anyMatch(dependency -> dependency.getTargetClass().getName().startsWith(classes));

    assertThat(pom.contains("<artifactId>" + named + "</artifactId>"))
        .as("%s, for %s, is in the root POM", artifact, purpose)
        .isTrue();
    assertThat(used)
        .as("a class of ours uses %s, which is here for %s", artifact, purpose)
        .isTrue();
  }
}
