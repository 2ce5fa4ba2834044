package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.codec.OutputCodec.OutputLine;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.model.SidecarId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OutputCodecTest {

    private static final SidecarId ID = new SidecarId("shop-1");
    private static final InstanceId INSTANCE = new InstanceId(new ServiceName("web"), 2);
    private static final Instant AT = Instant.parse("2030-01-01T00:00:00.250Z");

    @Test
    void writesALineAsABinaryCloudEvent() {
        // given
        OutputLine line = new OutputLine(INSTANCE, 3, 17, AT, "stderr", "a \"word\"\t\u001b[2J \u00fc", false);

        // when
        WireEvent wire = OutputCodec.encode(ID, line);

        // then
        assertThat(OutputCodec.key(ID, INSTANCE)).isEqualTo("shop-1/web/2");
        assertThat(wire.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "web/2/3/17/1893456000250",
                        "ce_source", "/respawn/shop-1",
                        "ce_type", "io.respawn.service.output.v1",
                        "ce_subject", "shop-1/web",
                        "ce_time", "2030-01-01T00:00:00.250Z",
                        "content-type", "application/json"));
        assertThat(new String(wire.data(), StandardCharsets.UTF_8))
                .isEqualTo("{\"sidecar\":\"shop-1\",\"service\":\"web\",\"instance\":2,\"incarnation\":3,\"number\":17,"
                        + "\"time\":\"2030-01-01T00:00:00.250Z\",\"stream\":\"stderr\","
                        + "\"text\":\"a \\\"word\\\"\\t\\u001B[2J \\u00FC\"}");
    }

    @Test
    void marksALineThatGoesOn() {
        // given
        OutputLine line = new OutputLine(INSTANCE, 3, 17, AT, "stdout", "x", true);

        // then
        assertThat(new String(OutputCodec.encode(ID, line).data(), StandardCharsets.UTF_8))
                .endsWith("\"text\":\"x\",\"cut\":true}");
    }
}
