package io.respawn.system;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.concurrent.TimeUnit;

/**
 * An agent within the sidecar's virtual machine that runs a shell script, if there is one, right before {@code execve}: by
 * then the old image has done all that it does, and it is the last moment at which anybody can do something about it.
 */
public final class AtExecveAgent {

    private static final String HOOKED = "io/respawn/linux/libc/Unistd";
    private static final int LONGEST_SECONDS = 30;

    private static Path script;

    private AtExecveAgent() {}

    /** The argument is the script. */
    public static void premain(String argument, Instrumentation instrumentation) {
        script = Path.of(argument);
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(
                    ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] content) {
                return HOOKED.equals(name) ? hooked(content) : null;
            }
        });
    }

    private static byte[] hooked(byte[] content) {
        ClassFile file = ClassFile.of();
        CodeTransform begin = new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                code.invokestatic(
                        ClassDesc.of(AtExecveAgent.class.getName()), "run", MethodTypeDesc.ofDescriptor("()V"));
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        };
        return file.transformClass(
                file.parse(content),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("execve"), begin));
    }

    /** Called by the hooked method, on the loop's thread. The script's first argument is the pid. */
    public static void run() throws IOException, InterruptedException {
        if (Files.exists(script)) {
            Process process = new ProcessBuilder(
                            "/bin/sh",
                            script.toString(),
                            Long.toString(ProcessHandle.current().pid()))
                    .inheritIO()
                    .start();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
