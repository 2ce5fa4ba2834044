package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.Backoff;
import io.respawn.model.Budget;
import io.respawn.model.DependencyCondition;
import io.respawn.model.EnvironmentSources;
import io.respawn.model.ExitRule;
import io.respawn.model.IntentLimits;
import io.respawn.model.LineTrigger;
import io.respawn.model.MemoryLimit;
import io.respawn.model.OutputPolicy;
import io.respawn.model.Plan;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.ProcessSetting;
import io.respawn.model.ProcessSetting.Limit;
import io.respawn.model.ProcessSetting.Resource;
import io.respawn.model.Program;
import io.respawn.model.Rate;
import io.respawn.model.ReadyLine;
import io.respawn.model.RestartLimit;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.Sampling;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.model.StartPolicy;
import io.respawn.model.StopPolicy;
import io.respawn.model.Ties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ComponentFormTest {

    private static final int CASES = 500;

    private final List<String> unknown = new ArrayList<>();
    private final ComponentForm form = new ComponentForm(unknown::add);

    record All(Ledger ledger, List<StateRecord> records) {}

    @Test
    void everythingThatIsRecordedComesBackEqual() {
        RandomValues values = new RandomValues(RandomValues.seed("ComponentFormTest"));
        for (int i = 0; i < CASES; i++) {
            // given
            Service service = values.service();
            Intent intent = values.intent();
            All all = new All(values.ledger(i, i), List.of(service, intent, values.record()));

            // when
            All back = form.decode("a test", All.class, form.encode(all));

            // then
            assertThat(back).isEqualTo(all);
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void aPlanComesBackEqualAndIsAlwaysWrittenTheSame() {
        // given
        Plan plan = plan();

        // when
        byte[] bytes = form.encode(plan);
        Plan back = form.decode("a plan", Plan.class, bytes);

        // then
        assertThat(back).isEqualTo(plan);
        assertThat(form.encode(back)).asString().isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        assertThat(unknown).isEmpty();
    }

    @Test
    void whatAnOlderVersionDidNotWriteIsAsByDefault() {
        // given
        String older = """
                {"id":"a","services":{"web":{"name":"web","program":{"command":["/bin/web"]},"instances":2,
                 "role":{"autostart":false},"ties":{},"start":{"timeout":"PT5S"},"restart":{},"stop":{},"probes":{},
                 "output":{}}},"budget":{}}""";

        // when
        ServiceSpec web = read(older).services().get(new ServiceName("web"));

        // then
        assertThat(web).isNotNull();
        assertThat(web.role()).isEqualTo(new Role(false, false, false, false, 0));
        assertThat(web.restart()).isEqualTo(RestartPolicy.DEFAULT);
        assertThat(web.stop()).isEqualTo(StopPolicy.DEFAULT);
        assertThat(read(older).budget()).isEqualTo(Budget.DEFAULT);
        assertThat(read(older).intents()).isEqualTo(IntentLimits.DEFAULT);
    }

    @Test
    void whatANewerVersionWroteBesidesIsSkippedAndReported() {
        // when
        Plan plan = read("""
                {"id":"a","colour":"blue","budget":{"maxStarting":3,"shape":{"round":true}}}""");

        // then
        assertThat(plan.budget().maxStarting()).isEqualTo(3);
        assertThat(unknown).containsExactlyInAnyOrder("colour", "budget.shape");
    }

    @Test
    void whatCannotBeReadIsRefusedWithItsPlaceAndValue() {
        refuses("{\"budget\":{}}", "Cannot read a plan: 'id' is missing");
        refuses("{\"id\":7}", "Cannot read a plan: 'id' is 7, which is no SidecarId");
        refuses("{\"id\":\"a\",\"id\":\"b\"}", "Cannot read a plan: the field 'id' is there twice; send it once");
        refuses("{\"id\":\"a\"} {}", "Cannot read a plan: something follows the JSON object; send one object only");
        refuses(
                "{\"id\":\"a\",\"budget\":{\"maxStarting\":\"many\"}}",
                "Cannot read a plan: 'budget.maxStarting' is 'many', which is no int");
        refuses(
                "{\"id\":\"a\",\"budget\":{\"maxStarting\":0}}",
                "Cannot read a plan, at 'budget': Cannot use 0 max-starting: 1 to 100000 are allowed");
        refuses(
                step("{\"is\":\"Ask\"}"),
                "Cannot read a plan: 'services.web.stop.steps.0.way' is a Way of the unknown kind 'Ask'");
        refuses(step("{}"), "Cannot read a plan: 'services.web.stop.steps.0.way' does not say which Way it is");
        refuses(
                step("{\"is\":\"Send\",\"signal\":\"LOUD\"}"),
                "Cannot read a plan: 'services.web.stop.steps.0.way.signal' is 'LOUD', which is no Signal");
    }

    @Test
    void whatIsCutIsRefused() {
        assertThatThrownBy(() -> read("{\"id\":\"a\",\"budget\":{"))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith("Cannot read a plan: it is not JSON, line 1, column ");
    }

    private static String step(String way) {
        return "{\"id\":\"a\",\"services\":{\"web\":{\"name\":\"web\",\"stop\":{\"steps\":[{\"way\":" + way
                + ",\"patience\":\"PT1S\"}]},\"program\":{\"command\":[\"x\"]},\"instances\":1,\"role\":{},\"ties\":{},"
                + "\"start\":{},\"restart\":{},\"probes\":{},\"output\":{}}}}";
    }

    private Plan read(String json) {
        return form.decode("a plan", Plan.class, json.getBytes(StandardCharsets.UTF_8));
    }

    private void refuses(String json, String message) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(CodecException.class).hasMessage(message);
    }

    /** One in which nothing is left out. */
    private static Plan plan() {
        ServiceName db = new ServiceName("db");
        ServiceName web = new ServiceName("web");
        Probe probe = new Probe(
                new Probe.HttpGet(8081, "/up"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMillis(700),
                1,
                4);
        ServiceSpec spec = ServiceSpec.of(web, List.of("/srv/web", "--port", "9100"))
                .with(new Program(
                        List.of("/srv/web"),
                        Optional.of("/srv"),
                        Map.of("A", "1", "B", "ü\"\n"),
                        new EnvironmentSources(
                                Optional.of(List.of("PATH")), List.of("/etc/web.env"), Map.of("TOKEN", "/run/token")),
                        new ProcessSetting(
                                Optional.of("web"),
                                Optional.of("1001"),
                                Optional.of(List.of("adm")),
                                Optional.of(027),
                                true,
                                Map.of(Resource.OPEN_FILES, new Limit(Optional.of(5L), Optional.empty())),
                                Optional.of(-1),
                                Optional.of(7),
                                Optional.of("shop/web"))))
                .withInstances(3)
                .with(new Role(true, true, true, false, 7))
                .with(new Ties(Map.of(db, DependencyCondition.READY), Set.of(db)))
                .with(new StartPolicy(
                        Duration.ofSeconds(9), false, Optional.empty(), Optional.of(new ReadyLine("up [0-9]+"))))
                .with(new RestartPolicy(
                        RestartPolicy.Mode.ON_FAILURE,
                        Set.of(0, 3),
                        List.of(new ExitRule(Set.of(78), Set.of(9), RestartPolicy.Verdict.GIVE_UP)),
                        Backoff.DEFAULT,
                        Optional.of(new RestartLimit(5, Duration.ofMinutes(1), Optional.of(Duration.ofMinutes(10)))),
                        RestartPolicy.Scope.DEPENDENTS,
                        Optional.of(new Rate(1, Duration.ofSeconds(2), 3))))
                .with(new StopPolicy(List.of(
                        new StopPolicy.Step(new StopPolicy.Way.Run(List.of("/srv/drain")), Duration.ofSeconds(3)),
                        new StopPolicy.Step(new StopPolicy.Way.Send(Signal.INT), Duration.ofMillis(1500)))))
                .with(new Probes(
                        Optional.empty(),
                        Optional.of(probe),
                        Optional.of(new Probes.Liveness(probe, Optional.of(Signal.QUIT), false))))
                .with(output())
                .with(new MemoryLimit(1L << 30, Duration.ofSeconds(7), Duration.ofMinutes(3)));
        SortedMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        services.put(web, spec);
        services.put(db, ServiceSpec.of(db, List.of("/srv/db")));
        return new Plan(
                new SidecarId("demo"),
                Map.of("app", "shop", "zone", "b"),
                Budget.DEFAULT,
                IntentLimits.DEFAULT,
                services,
                new Sampling(Duration.ofSeconds(3)));
    }

    private static OutputPolicy output() {
        var trigger = new LineTrigger(
                "stale",
                new ReadyLine("expired$"),
                LineTrigger.Reaction.SIGNAL,
                Optional.of(Signal.HUP),
                Duration.ofSeconds(9),
                true);
        return new OutputPolicy(OutputPolicy.Console.NONE, Optional.empty(), List.of(trigger), false);
    }
}
