package io.sluice.flink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.sluice.flink", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.sluice.flink.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule sourceAndSinkDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage("..source..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..sink..");

    @ArchTest
    static final ArchRule partsOfTheSourceDoNotKnowTheWhole = noClasses()
            .that()
            .resideInAPackage("io.sluice.flink.source.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice.flink.source");
}
