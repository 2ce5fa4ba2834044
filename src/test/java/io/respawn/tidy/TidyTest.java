package io.respawn.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the project's own files in order, and proves on planted ones that each rule can fail. */
final class TidyTest {

    private static final String A_TITLE = "# Title\n";

    private final Tree project = new Tree(Path.of("").toAbsolutePath());

    @TempDir
    Path planted;

    @Test
    void keepsJavaFilesSmallAndQuiet() {
        assertTidy(new JavaRules(project).findings());
    }

    @Test
    void keepsTextsFreeOfLooseEndsAndMachinePaths() {
        assertTidy(new TextRules(project).findings());
    }

    @Test
    void keepsDocumentsTrue() {
        assertTidy(new DocumentRules(project).findings());
    }

    @Test
    void readsTheProjectItself() {
        // a walk that found nothing would let every rule pass
        assertThat(project.texts())
                .extracting(Tree.Text::name)
                .contains("pom.xml", "mvnw", "README.md", "src/main/java/io/respawn/app/Main.java");
    }

    @Test
    void findsLongFiles() throws IOException {
        plant("src/main/java/a/package-info.java", "package a;");
        plant("src/main/java/a/Long.java", "// line\n".repeat(JavaRules.MAIN_LINES + 1));
        plant("src/test/java/a/LongTest.java", "// line\n".repeat(JavaRules.ANY_LINES + 1));
        assertThat(javaFindings())
                .containsExactly("src/main/java/a/Long.java:301", "src/test/java/a/LongTest.java:401");
    }

    @Test
    void findsLongMethods() throws IOException {
        plant(
                "src/test/java/a/A.java",
                "class A {\n    void f() {\n" + "        g(\"}\");\n".repeat(JavaRules.METHOD_LINES) + "    }\n}\n");
        assertThat(javaFindings()).containsExactly("src/test/java/a/A.java:2");
    }

    @Test
    void findsPackagesWithoutASentence() throws IOException {
        plant("src/main/java/a/A.java", "class A {}");
        assertThat(javaFindings()).containsExactly("src/main/java/a:1");
    }

    @Test
    void findsPrintingOutsideTheCommandLine() throws IOException {
        for (var name : List.of("cli", "kafka")) {
            plant("src/main/java/io/respawn/%s/package-info.java".formatted(name), "package a;");
            plant("src/main/java/io/respawn/%s/A.java".formatted(name), "class A {\n  { System.err.println(); }\n}");
        }
        assertThat(javaFindings()).containsExactly("src/main/java/io/respawn/kafka/A.java:2");
    }

    @Test
    void findsSidecarIdsInTwoTestClasses() throws IOException {
        plant("src/test/java/a/AIT.java", "class AIT { Object a = new RunningSidecar(\n  folder, \"one\", X); }");
        plant(
                "src/test/java/a/BIT.java",
                "class BIT { Object a = new Stage(folder, \"two\", X); String ID = \"one\"; }");
        assertThat(javaFindings()).containsExactly("src/test/java/a/AIT.java and src/test/java/a/BIT.java:1");
    }

    @Test
    void findsLooseEndsAndMachinePaths() throws IOException {
        plant("src/a.txt", "TO" + "DO later\n" + "TO" + "DO #12 later\n");
        plant("k8s/a.yaml", "path: /ro" + "ot/x\n" + "path: $HOME/x\n");
        assertThat(places(new TextRules(new Tree(planted)).findings())).containsExactly("k8s/a.yaml:1", "src/a.txt:1");
    }

    @Test
    void findsDocumentsWithoutOneTitle() throws IOException {
        plant("src/docs/none.md", "text");
        plant("src/docs/one.md", A_TITLE + "```sh\n# a comment\n```\n");
        plant("src/docs/two.md", A_TITLE + A_TITLE);
        assertThat(documentFindings()).containsExactly("src/docs/none.md:1", "src/docs/two.md:2");
    }

    @Test
    void findsLinksThatLeadNowhere() throws IOException {
        plant("README.md", A_TITLE + "[a](src/docs/a.md)\n[b](src/docs/b.md#part)\n[c](https://example.org/c)\n");
        plant("src/docs/a.md", A_TITLE + "[up](../../README.md)\n[gone](gone.md)\n");
        assertThat(documentFindings().distinct()).containsExactly("README.md:3", "src/docs/a.md:3");
    }

    @Test
    void findsFilesProfilesAndVerbsThatDoNotExist() throws IOException {
        plant("pom.xml", "<profile><id>demo</id></profile>");
        plant("src/main/java/io/respawn/cli/Cli.java", "add(root, \"status\", new StatusCommand());");
        plant("src/demo/start", "respawn status\n  target/respawn/bin/respawn sing\n");
        plant(
                "README.md",
                A_TITLE + "./mvnw -Pdemo\n./mvnw -Pgone\nsee `k8s/gone.yaml`\nsee `pom.xml`\n"
                        + "target/respawn/bin/respawn status\ntarget/respawn/bin/respawn dance\n");
        assertThat(documentFindings()).containsExactly("README.md:4", "README.md:3", "README.md:7", "src/demo/start:2");
    }

    @Test
    void findsPromisesWithoutATest() throws IOException {
        plant("src/test/java/a/ATest.java", "class ATest { void works() {} }");
        plant(DocumentRules.PROOF, A_TITLE + "`ATest`\n`ATest.works`\n`ATest.fails`\n`GoneIT`\n");
        plant(DocumentRules.PAINS, A_TITLE + "`ATest#works`\n`ATest#fails`\n");
        assertThat(documentFindings())
                .containsExactly("src/docs/proof.md:4", "src/docs/proof.md:5", "src/docs/pains.md:3");
    }

    private void plant(String name, String content) throws IOException {
        var file = planted.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Stream<String> javaFindings() {
        return places(new JavaRules(new Tree(planted)).findings());
    }

    private Stream<String> documentFindings() {
        return places(new DocumentRules(new Tree(planted)).findings());
    }

    private static Stream<String> places(List<Finding> findings) {
        return findings.stream().map(finding -> finding.file() + ":" + finding.line());
    }

    private static void assertTidy(List<Finding> findings) {
        assertThat(findings)
                .as(findings.stream().map(Finding::toString).collect(Collectors.joining("\n", "\n", "\n")))
                .isEmpty();
    }
}
