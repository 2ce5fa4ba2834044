package io.respawn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the product to the package table, and proves with a fixture that each rule can fail. */
final class PackageTableTest {

    private static final Rules RULES = new Rules("io.respawn");
    private static final Rules FIXTURE_RULES = new Rules("io.respawn.architecture.fixture");

    private static JavaClasses product;
    private static JavaClasses fixture;

    @BeforeAll
    static void readClasses() {
        product = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.respawn");
        fixture = new ClassFileImporter().importPackages("io.respawn.architecture.fixture");
    }

    @Test
    void importsOnlyWhatTheTableAllows() {
        RULES.table().check(product);
    }

    @Test
    void keepsModelCoreAndCodecPure() {
        RULES.purity().check(product);
    }

    @Test
    void hasNoCycles() {
        RULES.cycles().check(product);
    }

    @Test
    void keepsRawMemoryInLibc() {
        RULES.foreignMemory().check(product);
    }

    @Test
    void subscribesOnlyInSuperviseAndApp() {
        RULES.subscriptions().check(product);
    }

    @Test
    void awaitsNowhere() {
        RULES.waiting().check(product);
    }

    @Test
    void readsTheProductItself() {
        // an import that found nothing would let every rule pass
        assertThat(product).extracting(type -> type.getName()).contains("io.respawn.app.Main");
    }

    @Test
    void namesOnlyPackagesThatHaveARow() {
        assertThat(PackageTable.rows().flatMap(row -> row.ours().stream()).filter(name -> !name.equals("*")))
                .allSatisfy(name -> assertThat(PackageTable.row(name)).as(name).isPresent());
    }

    @Test
    void findsAnAdapterThatImportsAnother() {
        assertFinds(
                FIXTURE_RULES.table(), "Cannot import", "journal.ImportsItBack", "adapters never import each other");
    }

    @Test
    void findsAPackageWithoutARow() {
        assertFinds(FIXTURE_RULES.table(), "Cannot place", "stray.Stray", "give it a row");
    }

    @Test
    void findsAClockAndAThreadInAPurePackage() {
        assertFinds(FIXTURE_RULES.purity(), "Instant.now()", "java.lang.Thread", "with the event");
    }

    @Test
    void findsACycle() {
        assertFinds(FIXTURE_RULES.cycles(), "Cycle detected", "kafka", "journal");
    }

    @Test
    void findsRawMemoryOutsideLibc() {
        assertFinds(FIXTURE_RULES.foreignMemory(), "linux.TouchesRawMemory", "MemorySegment", "typed methods");
    }

    @Test
    void findsASubscriptionInAnAdapter() {
        assertFinds(FIXTURE_RULES.subscriptions(), "process.Subscribes", "subscribe()", "let supervise or app");
    }

    @Test
    void findsAWait() {
        assertFinds(FIXTURE_RULES.waiting(), "web.Waits", "await()", "only tests await");
    }

    private static void assertFinds(ArchRule rule, String... words) {
        var result = rule.evaluate(fixture);
        assertThat(result.hasViolation()).as(rule.getDescription()).isTrue();
        assertThat(result.getFailureReport().toString()).contains(words);
    }
}
