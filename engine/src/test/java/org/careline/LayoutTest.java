package org.careline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.config.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dependency rule of docs/architecture.md, held by the build. */
class LayoutTest {
  private static final String[] FEATURES = {
    "org.careline.hotline..",
    "org.careline.routing..",
    "org.careline.callback..",
    "org.careline.customer..",
    "org.careline.questionnaire..",
    "org.careline.agent..",
    "org.careline.line..",
    "org.careline.matter..",
    "org.careline.call..",
    "org.careline.report..",
    "org.careline.recovery..",
    "org.careline.simulation..",
    "org.careline.task..",
    "org.careline.telephony.."
  };
  private static final String[] ADAPTERS = {
    "org.careline.asterisk..", "org.careline.schedule..", "org.careline.web.."
  };
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "org.asteriskjava..", "org.careline.asterisk..",
          "org.quartz..", "org.careline.schedule..",
          "io.javalin..", "org.careline.web..",
          "picocli..", "org.careline.cli..");
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.careline");
  }

  /** A rule about a package that is no more would hold without a word. */
  @Test
  void everyPackageTheRulesNameHasClasses() {
    Stream.of(FEATURES, ADAPTERS, new String[] {"org.careline.cli..", "org.careline.local.."})
        .flatMap(Stream::of)
        .forEach(
            name ->
                assertThat(classes.that(JavaClass.Predicates.resideInAPackage(name)))
                    .as(name)
                    .isNotEmpty());
    for (String library : LIBRARIES.keySet()) {
      assertThat(classes)
          .as("somebody uses " + library)
          .anyMatch(
              type ->
                  type.getDirectDependenciesFromSelf().stream()
                      .anyMatch(
                          use ->
                              JavaClass.Predicates.resideInAPackage(library)
                                  .test(use.getTargetClass())));
    }
  }

  @Test
  void featuresDoNotKnowAdapters() {
    noClasses()
        .that()
        .resideInAnyPackage(FEATURES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ADAPTERS)
        .because("features speak to ports; Engine plugs the adapters in")
        .check(classes);
  }

  @Test
  void adaptersDoNotKnowEachOther() {
    for (String adapter : ADAPTERS) {
      for (String other : ADAPTERS) {
        if (!adapter.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage(adapter)
              .should()
              .dependOnClassesThat()
              .resideInAPackage(other)
              .check(classes);
        }
      }
    }
  }

  @Test
  void eachLibraryHasOneImporter() {
    LIBRARIES.forEach(LayoutTest::onlyIn);
  }

  private static void onlyIn(String library, String owner) {
    noClasses()
        .that()
        .resideOutsideOfPackage(owner)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(classes);
  }

  @Test
  void onlyTheLocalPartsStartProcesses() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.careline.local..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .because("text from outside must never come near a shell")
        .check(classes);
    noClasses()
        .should()
        .callMethod(Runtime.class, "exec", String.class)
        .orShould()
        .callMethod(Runtime.class, "exec", String[].class)
        .check(classes);
  }

  @Test
  void routingIsPure() {
    noClasses()
        .that()
        .resideInAPackage("org.careline.routing..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "java.net..", "java.nio.file..", "org.jdbi..", "org.careline.database..")
        .check(classes);
  }

  /** A key nobody reads is a promise that is not kept. */
  @Test
  void everyKeyOfTheConfigurationIsRead() {
    List<String> unread =
        classes.stream()
            .filter(type -> type.getPackageName().equals("org.careline.config"))
            .filter(type -> type.getName().startsWith(Configuration.class.getName()))
            .filter(type -> type.isRecord())
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> isComponent(method.reflect()))
            .filter(
                method ->
                    method.getAccessesToSelf().stream()
                        .allMatch(use -> use.getOriginOwner().equals(method.getOwner())))
            .map(method -> method.getFullName())
            .toList();
    assertThat(unread).isEmpty();
  }

  private static boolean isComponent(Method method) {
    return Stream.of(method.getDeclaringClass().getRecordComponents())
        .anyMatch(component -> component.getAccessor().equals(method));
  }

  @Test
  void topLevelHoldsWhatIsAgreed() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    Set<String> agreed =
        Set.of(
            "pom.xml",
            "engine",
            "agent-console",
            "dialplans",
            "config",
            "scripts",
            "README.md",
            "LICENSE",
            "CHANGELOG.md",
            "docs");
    try (Stream<Path> entries = Files.list(root)) {
      Set<String> others =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(
                  name -> !name.startsWith(".") && !name.equals("target") && !agreed.contains(name))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(others).isEmpty();
    }
  }
}
