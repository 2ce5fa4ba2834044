package io.respawn.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The rules over the packages below a root. The root is a parameter so that a fixture in the test code can break each of
 * them. Packages that do not exist break nothing.
 */
final class Rules {

    private final String root;

    Rules(String root) {
        this.root = root;
    }

    ArchRule table() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(new ImportOnlyWhatTheTableAllows(root))
                .because(
                        "the package table of the design is an allow-list: follow the way out in the message, or change"
                                + " the table together with a record in src/docs/adr")
                .allowEmptyShould(true);
    }

    ArchRule purity() {
        return classes()
                .that()
                .resideInAnyPackage(root + ".model", root + ".core", root + ".codec")
                .should(new StayPure(root))
                .because(
                        "the pure packages own no clock, thread, randomness, I/O or logger: time and randomness come in"
                                + " with the event, everything else leaves as an effect")
                .allowEmptyShould(true);
    }

    ArchRule cycles() {
        return slices().matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle makes two packages one: move the shared type to the package below both")
                .allowEmptyShould(true);
    }

    ArchRule foreignMemory() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + ".linux.libc")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .because("one wrong layout ends the process: raw memory stays in linux.libc, behind typed methods")
                .allowEmptyShould(true);
    }

    ArchRule subscriptions() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackages(root + ".supervise", root + ".app")
                .should()
                .callMethodWhere(mutinyMethod("subscribe"))
                .because("who subscribes owns the failure and the end: return the Uni or Multi and let supervise or app"
                        + " subscribe")
                .allowEmptyShould(true);
    }

    ArchRule waiting() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .callMethodWhere(mutinyMethod("await"))
                .because("a thread that waits is a thread that hangs: return the Uni, only tests await")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaMethodCall> mutinyMethod(String name) {
        return describe(
                name + "() of Mutiny",
                call -> call.getTarget().getName().equals(name)
                        && call.getTargetOwner().getPackageName().startsWith("io.smallrye.mutiny"));
    }
}
