package io.respawn.system;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Packs classes of these tests as an agent for the sidecar's virtual machine. */
final class AgentJar {

    private AgentJar() {}

    /** Packs the agent, and other classes that it needs, with what is nested in them. */
    static Path pack(Path folder, Class<?> agent, Class<?>... others) throws IOException {
        Path jar = folder.resolve(agent.getSimpleName() + ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), agent.getName());
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out, manifest)) {
            for (Class<?> each :
                    Stream.concat(Stream.of(agent), Stream.of(others)).toList()) {
                pack(packed, each);
            }
        }
        return jar;
    }

    private static void pack(JarOutputStream packed, Class<?> wanted) throws IOException {
        Path root = root(wanted);
        Path file = root.resolve(wanted.getName().replace('.', '/') + ".class");
        String nested = wanted.getSimpleName() + "$";
        try (Stream<Path> beside = Files.list(file.getParent())) {
            List<Path> all = beside.filter(path ->
                            path.equals(file) || path.getFileName().toString().startsWith(nested))
                    .toList();
            for (Path each : all) {
                packed.putNextEntry(new JarEntry(root.relativize(each).toString()));
                Files.copy(each, packed);
                packed.closeEntry();
            }
        }
    }

    private static Path root(Class<?> compiled) {
        try {
            return Path.of(
                    compiled.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot find the folder of " + compiled, e);
        }
    }
}
