package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Port: processes that attend a service without being its main, such as the commands of probes and hooks. Thread-safe. */
public interface Attendants {

    /**
     * What is to be run.
     *
     * @param variables beside those that the service's main gets
     */
    record Errand(
            ServiceSpec spec,
            InstanceId instance,
            long incarnation,
            List<String> command,
            SortedMap<String, String> variables) {

        /** One that is told nothing more than the service is. */
        public Errand(ServiceSpec spec, InstanceId instance, long incarnation, List<String> command) {
            this(spec, instance, incarnation, command, new TreeMap<>());
        }
    }

    /** How a start went. */
    sealed interface Start {

        /**
         * It runs; nobody but the caller reaps or ends it.
         *
         * @param descriptor of the process, the caller's to close
         */
        record Begun(int pid, int descriptor) implements Start {}

        /**
         * There is no process.
         *
         * @param ours whether we lack something, which says nothing about the command
         */
        record Failed(String reason, boolean ours) implements Start {}
    }

    /**
     * Starts a process in a session of its own, with all that its service's main is given, and a mark that nobody takes it
     * for one. It may take long: a program has to be loaded.
     */
    Start start(Errand errand);

    /** From now on nobody but the caller reaps or ends this process, which an earlier image of this program has started. */
    void add(int pid);

    /** To be called before it is reaped, since then its number may come back. */
    void remove(int pid);
}
