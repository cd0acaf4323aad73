package io.github.bcc4j.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** Holds the dependency direction: tools → junit → api → ffm, and what each floor may not do. */
@AnalyzeClasses(packages = "io.github.bcc4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String API = "io.github.bcc4j";
    private static final String[] LIBRARY = {
        API,
        API + ".attach..",
        API + ".btf..",
        API + ".compile..",
        API + ".diagnostic..",
        API + ".elf..",
        API + ".event..",
        API + ".headers..",
        API + ".kernel..",
        API + ".symbol..",
        API + ".table..",
        API + ".text..",
        API + ".type.."
    };

    @ArchTest
    static final ArchRule theGroundFloorKnowsNothingAboveIt = noClasses()
            .that()
            .resideInAPackage("io.github.bcc4j.ffm..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LIBRARY)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.bcc4j.junit..", "io.github.bcc4j.tools..");

    @ArchTest
    static final ArchRule theLibraryKnowsNeitherToolsNorVirtualMachines = noClasses()
            .that()
            .resideInAnyPackage(LIBRARY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.bcc4j.junit..", "io.github.bcc4j.tools..");

    @ArchTest
    static final ArchRule toolsUseThePublicLibraryOnly = noClasses()
            .that()
            .resideInAnyPackage("io.github.bcc4j.tools..", "io.github.bcc4j.junit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.bcc4j.ffm..");

    @ArchTest
    static final ArchRule virtualMachinesKnowNoTools = noClasses()
            .that()
            .resideInAPackage("io.github.bcc4j.junit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.bcc4j.tools..");

    @ArchTest
    static final ArchRule generatedLibbccIsForTheCompileRoomOnly = noClasses()
            .that()
            .resideInAnyPackage(
                    API, API + ".attach..", API + ".diagnostic..", API + ".event..", API + ".table..", API + ".type..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.bcc4j.ffm.libbcc..");

    @ArchTest
    static final ArchRule theLibraryPrintsNothing = noClasses()
            .that()
            .doNotHaveSimpleName("CompileChild") // the compile process, whose standard error its parent reads
            .and()
            .resideOutsideOfPackages(
                    "io.github.bcc4j.junit..",
                    "io.github.bcc4j.tools..",
                    "io.github.bcc4j.tests..",
                    "io.github.bcc4j.ffm.libbcc..",
                    "io.github.bcc4j.ffm.libbpf..") // generated: prints when told to trace itself
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
}
