package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Batch;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That each fail point is about a method which the program really has; a renamed one would never be passed again. */
final class FailPointTest {

    @ParameterizedTest
    @EnumSource
    void namesExactlyOneMethod(FailPoint point) throws IOException {
        assertThat(FailPointAgent.meant(content(point.type()), point)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void hooksThatMethodAndLeavesAClassThatIsSound(FailPoint point) throws IOException {
        // when
        byte[] hooked = FailPointAgent.hooked(content(point.type()), point);

        // then
        int expected = point.where() == FailPoint.Where.ENTRY ? 1 : returns(hooked, point);
        assertThat(calls(hooked)).isEqualTo(expected).isPositive();
        assertThat(ClassFile.of().verify(hooked)).isEmpty();
    }

    @Test
    void doesNotFindAMethodOfAnotherClass() throws IOException {
        assertThat(FailPointAgent.meant(content("io/respawn/model/Command"), FailPoint.REAPED))
                .isEmpty();
        assertThat(calls(FailPointAgent.hooked(content("io/respawn/model/Command"), FailPoint.REAPED)))
                .isZero();
    }

    private static byte[] content(String type) throws IOException {
        try (var in = Batch.class.getClassLoader().getResourceAsStream(type + ".class")) {
            assertThat(in).as("the class %s", type).isNotNull();
            return in.readAllBytes();
        }
    }

    private static int calls(byte[] content) {
        return Math.toIntExact(ClassFile.of().parse(content).methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementList().stream())
                .filter(element -> element instanceof InvokeInstruction call
                        && call.owner().asInternalName().endsWith("/FailPointAgent"))
                .count());
    }

    private static int returns(byte[] content, FailPoint point) {
        return Math.toIntExact(ClassFile.of().parse(content).methods().stream()
                .filter(method -> point.isIn(
                        method.methodName().stringValue() + method.methodType().stringValue()))
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementList().stream())
                .filter(ReturnInstruction.class::isInstance)
                .count());
    }
}
