package io.respawn.app;

import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.linux.BootClock;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.process.KeptHold;
import io.respawn.supervise.EventSink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Goes on where the image before this one left off: its children are ours, and who ended meanwhile waits to be reaped. */
record Resumption(Capsule capsule, Parts parts, EventSink events) implements Runnable {

    private static final Logger LOG = Logger.getLogger(Resumption.class);

    /**
     * Takes pipes, socket and processes over, before the loop runs: the first sweep for orphans, which may be due by then,
     * would take a child that nobody holds for a stray.
     */
    void inherit() {
        parts.statistics().consumption().goOn(capsule.usages());
        try {
            parts.output()
                    .goOn(
                            capsule.output(),
                            this::cameUp,
                            id -> find(id).map(Instance::incarnation).orElse(0L));
        } catch (IOException failed) {
            LOG.error("Cannot go on reading the output of services; what they wrote half is lost", failed);
        }
        capsule.socket().ifPresent(parts.socket()::goOn);
        capsule.hooks()
                .forEach(hook -> capsule.plan()
                        .service(hook.instance().service())
                        .ifPresent(spec -> parts.prober().goOn(spec, hook)));
        Map<InstanceId, KeptHold> holds =
                capsule.holds().stream().collect(Collectors.toMap(KeptHold::instance, Function.identity()));
        instances()
                .forEach(instance -> instance.state()
                        .identity()
                        .ifPresent(process -> adopt(instance, process, Optional.ofNullable(holds.get(instance.id())))));
    }

    private void adopt(Instance instance, ProcessIdentity process, Optional<KeptHold> kept) {
        kept.filter(hold -> hold.incarnation() == instance.incarnation())
                .ifPresentOrElse(
                        hold -> parts.processes().adoptHeld(hold, process),
                        () -> parts.processes().adopt(instance.id(), instance.incarnation(), process));
    }

    private void cameUp(InstanceId instance, String line) {
        instances().stream()
                .filter(each -> each.id().equals(instance))
                .forEach(each -> parts.processes().cameUp(instance, each.incarnation(), line));
    }

    @Override
    public void run() {
        capsule.starts()
                .forEach(start -> capsule.plan()
                        .service(start.instance().service())
                        .ifPresent(spec ->
                                parts.processes().spawn(spec, start.instance(), start.incarnation(), start.intent())));
        parts.timers().goOn(capsule.timers());
        capsule.probings()
                .forEach(probing -> capsule.plan()
                        .service(probing.instance().service())
                        .ifPresent(spec -> parts.prober()
                                .goOn(
                                        spec,
                                        probing,
                                        find(probing.instance())
                                                .filter(instance -> instance.state() instanceof InstanceState.Ready)
                                                .isPresent())));
        parts.processes().handover().endHelpers(this::isSpared);
        if (capsule.place().isPresent()) {
            parts.memory().trouble().ifPresent(trouble -> events.accept(new Event.JournalChanged(false, trouble)));
        }
        Duration blackout = Duration.ofNanos(BootClock.nanos() - capsule.left());
        parts.statistics().goOn(capsule.counts());
        parts.statistics().respawned(blackout);
        LOG.infof("Gone on as a new image after %d ms, with %s", blackout.toMillis(), capsule.words());
        new CapsuleFile(parts.memory().directory()).remove();
        events.accept(new Event.Resumed(capsule.intent(), blackout, capsule.words()));
    }

    /** What asks whether they are well is asked anew; the command of a stop goes on to its end, and so does that of a hook. */
    private boolean isSpared(InstanceId id) {
        return capsule.hooks().stream().anyMatch(hook -> hook.instance().equals(id))
                || find(id).filter(instance -> instance.state() instanceof InstanceState.Terminating)
                        .filter(instance -> !instance.hooks().isUnderWay())
                        .isPresent();
    }

    private Optional<Instance> find(InstanceId id) {
        return instances().stream().filter(instance -> instance.id().equals(id)).findFirst();
    }

    private List<Instance> instances() {
        return capsule.services().stream()
                .flatMap(service -> service.instances().stream())
                .toList();
    }
}
