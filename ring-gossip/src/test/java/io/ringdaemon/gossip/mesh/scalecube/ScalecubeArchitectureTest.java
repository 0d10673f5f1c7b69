package io.ringdaemon.gossip.mesh.scalecube;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.scalecube.cluster.fdetector.PingDoor;
import io.scalecube.cluster.gossip.GossipDoor;
import io.scalecube.cluster.membership.MembershipDoor;
import io.scalecube.cluster.metadata.MetadataDoor;
import java.io.ObjectInputStream;
import org.junit.jupiter.api.Test;

/** Scalecube stays behind its door, and its dangerous parts unused (scalecube.md 8.14). */
class ScalecubeArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ringdaemon");
  private static final JavaClasses DOORS =
      new ClassFileImporter()
          .importClasses(
              MembershipDoor.class, PingDoor.class, GossipDoor.class, MetadataDoor.class);

  @Test
  void onlyThisPackageSeesScalecubeAndReactor() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.ringdaemon.gossip.mesh.scalecube")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.scalecube..", "reactor..", "org.reactivestreams..")
        .check(OURS);
  }

  @Test
  void nothingDeserializesObjects() {
    for (JavaClasses classes : new JavaClasses[] {OURS, DOORS}) {
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .check(classes);
      noClasses().should().dependOnClassesThat().haveSimpleNameStartingWith("Jdk").check(classes);
    }
  }

  @Test
  void nothingIsSpreadByScalecubesGossip() {
    noClasses()
        .should()
        .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name("spreadGossip")))
        .check(OURS);
  }

  @Test
  void doorsSeeOnlyProtoAndScalecube() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.scalecube.cluster..", "io.ringdaemon.proto", "com.google.protobuf", "java..")
        .check(DOORS);
  }
}
