package io.respawn.process;

import io.respawn.model.ExitStatus;

/** Says in the words of the vocabulary how the kernel reports an end. */
final class Ends {

    private Ends() {}

    static ExitStatus of(io.respawn.linux.ExitStatus status) {
        return switch (status) {
            case io.respawn.linux.ExitStatus.Exited exited -> new ExitStatus.Exited(exited.code());
            case io.respawn.linux.ExitStatus.Signalled signalled ->
                new ExitStatus.Signalled(signalled.signal(), signalled.coreDumped());
        };
    }
}
