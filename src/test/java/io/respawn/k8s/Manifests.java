package io.respawn.k8s;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Renders a kustomize folder with kubectl and reads the result strictly: a field Kubernetes does not know is an error. */
record Manifests(List<HasMetadata> objects) {

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final ObjectMapper STRICT = new YAMLMapper()
            .setAnnotationIntrospector(new WithoutAnySetter())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final Map<String, Class<? extends HasMetadata>> KINDS =
            Map.of("v1/ConfigMap", ConfigMap.class, "apps/v1/Deployment", Deployment.class);

    static Manifests rendered(Path folder) throws IOException, InterruptedException {
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kubectl.waitFor() != 0) {
            throw new IllegalStateException("Cannot render " + folder + ": kubectl ended with " + kubectl.exitValue());
        }
        return parsed(text);
    }

    /** The plain files of a folder, for machines without kubectl; what kustomize would generate is missing. */
    static Manifests unrendered(Path folder) throws IOException {
        List<HasMetadata> objects = new ArrayList<>();
        for (JsonNode resource : tree(folder.resolve("kustomization.yaml")).path("resources")) {
            objects.addAll(
                    parsed(Files.readString(folder.resolve(resource.asText()))).objects());
        }
        return new Manifests(objects);
    }

    static Manifests parsed(String text) throws IOException {
        List<HasMetadata> objects = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNext()) {
                objects.add(typed(documents.next()));
            }
        }
        return new Manifests(objects);
    }

    static JsonNode tree(Path file) throws IOException {
        return YAML.readTree(Files.readString(file));
    }

    static boolean canRender() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    <T extends HasMetadata> T only(Class<T> kind) {
        List<T> found =
                objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        if (found.size() != 1) {
            throw new IllegalStateException("Cannot find exactly one " + kind.getSimpleName() + ": " + found.size());
        }
        return found.getFirst();
    }

    private static HasMetadata typed(JsonNode document) throws IOException {
        String kind = document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
        Class<? extends HasMetadata> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("Cannot check a " + kind + ": add its class to KINDS");
        }
        return STRICT.treeToValue(document, type);
    }

    /** The model classes gather unknown fields in a map. Without that, Jackson refuses them and names their path. */
    private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
