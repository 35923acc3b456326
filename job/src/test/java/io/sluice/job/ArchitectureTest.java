package io.sluice.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.sluice.job", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.sluice.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule childrenNeverImportTheRoot = noClasses()
            .that()
            .resideInAPackage("io.sluice.job.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice.job");

    @ArchTest
    static final ArchRule configurationIsALeaf = noClasses()
            .that()
            .resideInAPackage("io.sluice.job.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sluice.job.cli..", "io.sluice.job.progress..", "io.sluice.postgres..");

    @ArchTest
    static final ArchRule configurationParsersKnowNoRecords = noClasses()
            .that()
            .resideInAPackage("io.sluice.job.config.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice.job.config");
}
