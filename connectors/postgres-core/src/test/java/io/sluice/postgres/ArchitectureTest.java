package io.sluice.postgres;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.sluice.postgres", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.sluice.postgres.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule coreKnowsNothingOfFlink =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule changesKnowNothingElse = noClasses()
            .that()
            .resideInAPackage("..change..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..connection..",
                    "..types..",
                    "..catalog..",
                    "..pgoutput..",
                    "..wal2json..",
                    "..replication..",
                    "..snapshot..",
                    "..sql..",
                    "..apply..");

    @ArchTest
    static final ArchRule decodersArePure = noClasses()
            .that()
            .resideInAnyPackage("..pgoutput..", "..wal2json..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..",
                    "java.net..",
                    "java.nio.channels..",
                    "org.postgresql..",
                    "..connection..",
                    "..catalog..",
                    "..replication..",
                    "..snapshot..",
                    "..sql..",
                    "..apply..");

    @ArchTest
    static final ArchRule decodersKnowNothingOfEachOther = slices().matching("io.sluice.postgres.(pgoutput|wal2json)..")
            .should()
            .notDependOnEachOther();
}
