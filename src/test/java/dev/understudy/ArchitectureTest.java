package dev.understudy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The walls between the rooms: upper floors use lower ones, never the other way. */
final class ArchitectureTest {
    private static final String ROOT = "dev.understudy";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void floorsUseWhatIsBelowThemOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("cli")
                .definedBy(ROOT + ".cli..")
                .layer("report")
                .definedBy(ROOT + ".report..")
                .layer("capabilities")
                .definedBy(ROOT + ".provision..", ROOT + ".promotion..", ROOT + ".doctor..")
                .layer("engine")
                .definedBy(ROOT + ".engine..", ROOT + ".plan..")
                .layer("hands")
                .definedBy(ROOT + ".transfer..", ROOT + ".host..", ROOT + ".server..")
                .layer("formats")
                .definedBy(ROOT + ".pgfile..")
                .layer("words")
                .definedBy(ROOT + ".postgres..")
                .layer("errors")
                .definedBy(ROOT + ".error..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("report")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("capabilities")
                .mayOnlyBeAccessedByLayers("cli", "report")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("cli", "report", "capabilities")
                .whereLayer("hands")
                .mayOnlyBeAccessedByLayers("cli", "report", "capabilities", "engine")
                .whereLayer("formats")
                .mayOnlyBeAccessedByLayers("cli", "report", "capabilities", "engine", "hands")
                .whereLayer("words")
                .mayOnlyBeAccessedByLayers("cli", "report", "capabilities", "engine", "hands", "formats")
                .check(CLASSES);
    }

    @Test
    void packagesDoNotGoInCircles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theHandsKnowNothingOfOneAnotherButWhatTransferUses() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".host..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".server..", ROOT + ".transfer..", ROOT + ".pgfile..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".transfer..")
                .check(CLASSES);
    }

    @Test
    void onlyTheServerRoomSpeaksJdbc() {
        // The demo's ledger plays somebody's application: its SQL is the application's, not Understudy's.
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".server..")
                .and()
                .haveNameNotMatching(".*\\.cli\\.demo\\.Ledger(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..")
                .check(CLASSES);
    }

    @Test
    void onlyTheFrontDoorUsesTheStandardStreams() {
        JavaClasses others = CLASSES.that(outside(".cli"));
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(others);
    }

    @Test
    void onlyTheFrontDoorEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    @Test
    void nothingLogsThroughTheJdkButWhatQuietensTheDriver() {
        // pgjdbc logs that way; the room that talks to it is where its log is turned to ours or off.
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(
                CLASSES.that(outside(".server").and(outside(".cli"))));
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> packages = new TreeSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));

        List<String> unmarked = packages.stream()
                .filter(name -> !isNullMarked(CLASSES.getPackage(name)))
                .toList();
        assertThat(unmarked).isEmpty();
    }

    private static boolean isNullMarked(JavaPackage found) {
        return found.isAnnotatedWith(NullMarked.class);
    }

    private static DescribedPredicate<JavaClass> outside(String room) {
        return DescribedPredicate.describe(
                "outside of " + room, type -> !type.getPackageName().startsWith(ROOT + room));
    }
}
