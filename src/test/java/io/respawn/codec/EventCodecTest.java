package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.PublicEvent;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.SidecarId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class EventCodecTest {

    private static final SidecarId ID = new SidecarId("shop-1");

    @Test
    void writesAnIntentsOutcomeAsABinaryCloudEvent() {
        // given
        PublicEvent event = new PublicEvent(
                "order-7/succeeded",
                PublicEvent.intentType("succeeded"),
                Instant.parse("2030-01-01T00:00:00.5Z"),
                Optional.of(new ServiceName("web")),
                OptionalInt.of(0),
                Optional.of(new IntentId("order-7")),
                "restart",
                OptionalLong.of(3),
                OptionalLong.of(4),
                "SIGTERM",
                "new build",
                "ci",
                "",
                "respawn.commands-3@12",
                "00-abc-def-01");

        // when
        WireEvent wire = EventCodec.encode(ID, event);

        // then
        assertThat(wire.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "order-7/succeeded",
                        "ce_source", "/respawn/shop-1",
                        "ce_type", "io.respawn.intent.succeeded.v1",
                        "ce_subject", "shop-1/web",
                        "ce_time", "2030-01-01T00:00:00.500Z",
                        "content-type", "application/json",
                        "traceparent", "00-abc-def-01"));
        assertThat(new String(wire.data(), StandardCharsets.UTF_8))
                .isEqualTo("{\"sidecar\":\"shop-1\",\"service\":\"web\",\"instance\":0,\"intent\":\"order-7\","
                        + "\"action\":\"restart\",\"incarnationBefore\":3,\"incarnationAfter\":4,\"exit\":\"SIGTERM\","
                        + "\"reason\":\"new build\",\"requestedBy\":\"ci\",\"position\":\"respawn.commands-3@12\"}");
    }

    @Test
    void leavesOutWhatAnEventOfTheSidecarDoesNotHave() {
        // given
        PublicEvent event = PublicEvent.ofSidecar("shop-1/1/9/0", "started", Instant.EPOCH, "");

        // when
        WireEvent wire = EventCodec.encode(ID, event);

        // then
        assertThat(wire.headers()).containsEntry("ce_subject", "shop-1").doesNotContainKey("traceparent");
        assertThat(new String(wire.data(), StandardCharsets.UTF_8)).isEqualTo("{\"sidecar\":\"shop-1\"}");
    }
}
