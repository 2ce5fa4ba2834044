package io.respawn.system;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AccessFlag;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An agent within the sidecar's virtual machine that kills it, with SIGKILL, at the n-th passing of a fail point. */
public final class FailPointAgent {

    private static final int SIGKILL = 9;
    private static final ClassDesc SELF = ClassDesc.of(FailPointAgent.class.getName());
    private static final MethodTypeDesc PASS = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);

    private static AtomicInteger left;
    private static String word;
    private static MethodHandle kill;
    private static int pid;

    private FailPointAgent() {}

    /** The argument is {@code FAIL_POINT,n}. */
    @SuppressWarnings("restricted")
    public static void premain(String argument, Instrumentation instrumentation) throws Throwable {
        int comma = argument.indexOf(',');
        FailPoint point = FailPoint.valueOf(argument.substring(0, comma));
        left = new AtomicInteger(Integer.parseInt(argument.substring(comma + 1)));
        word = point.word();
        pid = Math.toIntExact(ProcessHandle.current().pid());
        Linker linker = Linker.nativeLinker();
        kill = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("kill"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        // Nothing is left to be loaded when it is meant.
        kill(0);
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(
                    ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] content) {
                return point.type().equals(name) ? hooked(content, point) : null;
            }
        });
    }

    private static void kill(int signal) {
        try {
            int ignored = (int) kill.invokeExact(pid, signal);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Called by the hooked method. */
    public static void pass(Object about) {
        if ((word.isEmpty() || String.valueOf(about).contains(word)) && left.decrementAndGet() == 0) {
            kill(SIGKILL);
        }
    }

    /** The class with the method hooked that the fail point names. */
    static byte[] hooked(byte[] content, FailPoint point) {
        ClassFile file = ClassFile.of();
        ClassModel model = file.parse(content);
        return file.transformClass(model, (builder, element) -> {
            if (element instanceof MethodModel method && isMeant(method, point)) {
                builder.transformMethod(method, (m, part) -> {
                    if (part instanceof CodeModel code) {
                        m.transformCode(code, hook(method, point));
                    } else {
                        m.with(part);
                    }
                });
            } else {
                builder.with(element);
            }
        });
    }

    /** The methods that a fail point is about; one, if it names something that exists. */
    static List<String> meant(byte[] content, FailPoint point) {
        return ClassFile.of().parse(content).methods().stream()
                .filter(method -> isMeant(method, point))
                .map(method -> method.methodName().stringValue())
                .toList();
    }

    private static boolean isMeant(MethodModel method, FailPoint point) {
        return point.isIn(
                        method.methodName().stringValue() + method.methodType().stringValue())
                && !method.flags().has(AccessFlag.SYNTHETIC);
    }

    private static CodeTransform hook(MethodModel method, FailPoint point) {
        int first = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
        boolean asks = !point.word().isEmpty();
        return switch (point.where()) {
            case ENTRY ->
                new CodeTransform() {
                    @Override
                    public void atStart(CodeBuilder code) {
                        call(code, asks, first);
                    }

                    @Override
                    public void accept(CodeBuilder code, CodeElement element) {
                        code.with(element);
                    }
                };
            case EXIT ->
                (code, element) -> {
                    if (element instanceof ReturnInstruction) {
                        call(code, asks, first);
                    }
                    code.with(element);
                };
        };
    }

    private static void call(CodeBuilder code, boolean asks, int first) {
        if (asks) {
            code.aload(first);
        } else {
            code.aconst_null();
        }
        code.invokestatic(SELF, "pass", PASS);
    }
}
