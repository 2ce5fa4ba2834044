package io.respawn.kafka;

import io.respawn.core.Ledger;
import io.respawn.model.HostIdentity;
import java.util.Optional;

/**
 * The ownership of the state, as this session has it or tried to get it.
 *
 * @param life tells two apart that claim one id on one host
 * @param found the ledger that was there before the claim
 */
record Claim(long epoch, HostIdentity host, Optional<String> life, Optional<Ledger> found) {

    static Claim of(Ledger owned, Optional<Ledger> found) {
        return new Claim(owned.epoch(), owned.host(), owned.life(), found);
    }

    /**
     * Makes sure that nobody took over.
     *
     * @throws SessionException.Fenced when somebody did
     */
    void verify(Restored state) {
        state.ledger()
                .filter(ledger -> !isMine(ledger) && ledger.epoch() >= epoch)
                .ifPresent(ledger -> {
                    throw new SessionException.Fenced("another sidecar with the same id owns the state: its epoch is "
                            + ledger.epoch() + ", ours is " + epoch
                            + "; stop one of them, then restart this one if it is to go on");
                });
    }

    /** Whether the claim is what stands there. */
    boolean holds(Restored state) {
        return state.ledger().filter(this::isMine).isPresent();
    }

    private boolean isMine(Ledger ledger) {
        return ledger.epoch() == epoch
                && ledger.host().equals(host)
                && (ledger.life().isEmpty() || ledger.life().equals(life));
    }
}
