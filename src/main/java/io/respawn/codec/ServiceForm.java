package io.respawn.codec;

import io.respawn.core.HookState;
import io.respawn.core.Instance;
import io.respawn.core.Instance.LastExit;
import io.respawn.core.InstanceState;
import io.respawn.core.Service;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.StopPolicy;

/** How a service is written, with its instances. */
final class ServiceForm {

    private ServiceForm() {}

    static void write(JsonWriter json, Service service) {
        json.text("name", service.name().value())
                .word("desired", service.desired())
                .flag("handSet", service.handSet())
                .textIfAny("orderedBy", service.orderedBy())
                .number("generation", service.generation())
                .object("stop", stop -> StopForm.write(stop, service.stop()))
                .number("scaled", service.scaled())
                .array("instances", service.instances(), ServiceForm::writeInstance);
    }

    static Service read(Fields fields) {
        ServiceName name = new ServiceName(fields.someText("name"));
        return new Service(
                name,
                fields.word("desired", Service.Desired.values()),
                fields.flag("handSet"),
                fields.text("orderedBy").orElse(""),
                fields.number("generation", 0),
                fields.object("stop").map(stop -> stop.as(StopForm::read)).orElse(StopPolicy.DEFAULT),
                fields.objects("instances").stream()
                        .map(instance -> instance.as(f -> readInstance(name, f)))
                        .toList(),
                fields.maybeCount("scaled"));
    }

    private static void writeInstance(JsonWriter json, Instance instance) {
        json.number("index", instance.id().index())
                .number("incarnation", instance.incarnation())
                .text("intent", instance.intent())
                .object("state", state -> InstanceStateForm.write(state, instance.state()))
                .number("attempt", instance.attempt())
                .number("restarts", instance.restarts())
                .object("lastExit", instance.lastExit(), ServiceForm::writeLastExit)
                .number("floor", instance.floor());
        if (!instance.recentEnds().isEmpty()) {
            json.array("recentEnds", instance.recentEnds(), (end, at) -> end.text("at", at.toString()));
        }
        if (!instance.hooks().equals(HookState.DEFAULT)) {
            json.object("hooks", hooks -> HookForm.write(hooks, instance.hooks()));
        }
    }

    private static Instance readInstance(ServiceName service, Fields fields) {
        InstanceState state = fields.someObject("state").as(InstanceStateForm::read);
        return new Instance(
                new InstanceId(service, fields.someCount("index")),
                fields.number("incarnation"),
                fields.text("intent").map(IntentId::new),
                state,
                fields.count("attempt", 0),
                fields.number("restarts", 0),
                fields.object("lastExit").map(exit -> exit.as(ServiceForm::readLastExit)),
                fields.number("floor", 0),
                fields.objects("recentEnds").stream()
                        .map(end -> end.as(f -> f.someInstant("at")))
                        .toList(),
                fields.object("hooks").map(hooks -> hooks.as(HookForm::read)).orElse(HookState.DEFAULT));
    }

    private static void writeLastExit(JsonWriter json, LastExit exit) {
        json.number("incarnation", exit.incarnation())
                .object("status", status -> ExitForm.write(status, exit.status()))
                .text("at", exit.at().toString())
                .number("leftovers", exit.leftovers());
    }

    private static LastExit readLastExit(Fields fields) {
        return new LastExit(
                fields.number("incarnation"),
                fields.someObject("status").as(ExitForm::read),
                fields.someInstant("at"),
                fields.count("leftovers", 0));
    }
}
