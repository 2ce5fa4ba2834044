package io.respawn.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class KubernetesManifestsTest {

    private static final Path BASE = Path.of("k8s/base");
    private static final Path PODMAN = Path.of("k8s/overlays/podman");

    @Test
    void usesOnlyFieldsThatKubernetesKnows() throws Exception {
        // when
        Manifests manifests = base();
        // then
        assertThat(manifests.objects()).isNotEmpty();
    }

    @Test
    void findsAFieldThatKubernetesDoesNotKnow() {
        // given
        String manifest = """
                apiVersion: apps/v1
                kind: Deployment
                spec: { template: { spec: { containers: [ { name: a, livenessProbe: { initialDelaySecond: 1 } } ] } } }
                """;
        // when, then
        assertThatThrownBy(() -> Manifests.parsed(manifest))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("initialDelaySecond");
    }

    @Test
    void probesTheManagementPortOfTheApplication() throws Exception {
        // given
        JsonNode management = applicationYaml().at("/quarkus/management");
        // when
        Container sidecar = container(base(), "respawn");
        // then
        assertThat(management.path("enabled").asBoolean()).isTrue();
        assertThat(ports(sidecar))
                .containsEntry("management", management.path("port").asInt());
        assertThat(path(sidecar.getStartupProbe())).isEqualTo("/q/health/started");
        assertThat(path(sidecar.getLivenessProbe())).isEqualTo("/q/health/live");
        assertThat(path(sidecar.getReadinessProbe())).isEqualTo("/q/health/ready");
        assertThat(List.of(sidecar.getStartupProbe(), sidecar.getLivenessProbe(), sidecar.getReadinessProbe()))
                .allSatisfy(probe ->
                        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management"));
    }

    @Test
    void letsTheKubeletReachTheManagementPortAndNobodyTheApi() throws Exception {
        // when
        Map<String, String> environment = container(base(), "respawn").getEnv().stream()
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
        // then
        assertThat(environment)
                .containsEntry(variable("quarkus.management.host"), "0.0.0.0")
                .containsKey(variable("kafka.bootstrap.servers"))
                .doesNotContainKey(variable("quarkus.http.host"));
        assertThat(applicationYaml().at("/quarkus/http/host").asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void givesNoContainerMoreRightsThanItNeeds() throws Exception {
        // when
        PodSpec pod = pod(base());
        // then
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(1001);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getContainers()).allSatisfy(container -> {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getSecurityContext().getCapabilities().getAdd())
                    .isEmpty();
            assertThat(container.getResources().getLimits()).containsKey("memory");
        });
    }

    @Test
    void runsAsTheUserOfTheImage() throws Exception {
        // when
        List<String> dockerfile = Files.readAllLines(Path.of("docker/Dockerfile"));
        // then
        var pod = pod(base()).getSecurityContext();
        assertThat(dockerfile).contains("USER " + pod.getRunAsUser() + ":" + pod.getRunAsGroup());
    }

    @Test
    void sharesTheProcessNamespaceAndKeepsServiceLinksOutOfTheConfiguration() throws Exception {
        // when
        PodSpec pod = pod(base());
        // then
        assertThat(pod.getShareProcessNamespace()).isTrue();
        assertThat(pod.getEnableServiceLinks()).isFalse();
    }

    @Test
    void mountsWhatASidecarWithAReadOnlyRootWritesTo() throws Exception {
        // given
        Manifests manifests = base();
        List<String> volumes =
                pod(manifests).getVolumes().stream().map(Volume::getName).toList();
        // when
        List<VolumeMount> mounts = container(manifests, "respawn").getVolumeMounts();
        // then
        assertThat(mounts).extracting(VolumeMount::getName).isSubsetOf(volumes);
        assertThat(mounts)
                .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .extracting(VolumeMount::getMountPath)
                .contains("/run/respawn", "/tmp");
        assertThat(mounts).extracting(VolumeMount::getMountPath).contains("/etc/respawn");
    }

    @Test
    void givesTheSidecarTimeToStopItsServices() throws Exception {
        // given
        Duration longest = StreamSupport.stream(
                        sidecarYaml().at("/respawn/services").spliterator(), false)
                .map(service -> duration(service.at("/stop/grace-period")))
                .max(Duration::compareTo)
                .orElseThrow();
        Duration shutdown = duration(sidecarYaml().at("/respawn/shutdown-timeout"));
        // when
        Duration pod = Duration.ofSeconds(pod(base()).getTerminationGracePeriodSeconds());
        // then
        assertThat(shutdown).isGreaterThan(longest).isLessThan(pod);
    }

    @Test
    void putsTheSidecarsFilesIntoTheConfigMap() throws Exception {
        // given
        assumeTrue(Manifests.canRender(), "kubectl is not on the PATH");
        // when
        ConfigMap configuration = base().only(ConfigMap.class);
        // then
        assertThat(configuration.getMetadata().getName()).isEqualTo("respawn-config");
        assertThat(configuration.getData())
                .containsEntry("respawn.yaml", Files.readString(BASE.resolve("respawn.yaml")))
                .containsEntry("pages.sh", Files.readString(BASE.resolve("pages.sh")));
    }

    @Test
    void leavesOutForPodmanWhatPodmanCannotDo() throws Exception {
        // given
        assumeTrue(Manifests.canRender(), "kubectl is not on the PATH");
        // when
        PodSpec pod = pod(Manifests.rendered(PODMAN));
        // then
        assertThat(pod.getSecurityContext().getFsGroup()).isNull();
        assertThat(pod.getContainers()).allSatisfy(container -> {
            assertThat(container.getImage()).isEqualTo("localhost/respawn:check");
            assertThat(container.getImagePullPolicy()).isEqualTo("Never");
            assertThat(container.getPorts()).isEmpty();
            assertThat(container.getStartupProbe()).isNull();
            assertThat(container.getLivenessProbe()).isNull();
            assertThat(container.getReadinessProbe()).isNull();
        });
        assertThat(container(Manifests.rendered(PODMAN), "respawn").getEnv())
                .filteredOn(variable -> variable.getName().equals("KAFKA_BOOTSTRAP_SERVERS"))
                .extracting(EnvVar::getValue)
                .containsExactly("127.0.0.1:9092");
    }

    private static Manifests base() throws IOException, InterruptedException {
        return Manifests.canRender() ? Manifests.rendered(BASE) : Manifests.unrendered(BASE);
    }

    private static PodSpec pod(Manifests manifests) {
        return manifests.only(Deployment.class).getSpec().getTemplate().getSpec();
    }

    private static Container container(Manifests manifests, String name) {
        return pod(manifests).getContainers().stream()
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Integer> ports(Container container) {
        return container.getPorts().stream()
                .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
    }

    private static String path(Probe probe) {
        return probe.getHttpGet().getPath();
    }

    /** The environment variable that sets a property, by the rule of MicroProfile Config. */
    private static String variable(String property) {
        return StringUtil.replaceNonAlphanumericByUnderscores(property).toUpperCase(Locale.ROOT);
    }

    private static Duration duration(JsonNode text) {
        return Duration.parse("PT" + text.asText());
    }

    private static JsonNode applicationYaml() throws IOException {
        return Manifests.tree(Path.of("src/main/resources/application.yaml"));
    }

    private static JsonNode sidecarYaml() throws IOException {
        return Manifests.tree(BASE.resolve("respawn.yaml"));
    }
}
