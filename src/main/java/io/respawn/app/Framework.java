package io.respawn.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** The framework's part of the life: there from its boot until the core has left. */
final class Framework implements QuarkusApplication {

    @Override
    public int run(String... arguments) {
        Core.current().framework().ifPresent(FrameworkWatch::up);
        LogRing.install(Core.current().statistics());
        Core.current().departure().onLeft(Quarkus::asyncExit);
        if (!DevMode.isOn()) {
            Quarkus.waitForExit();
            return 0;
        }
        OwnClasses.load();
        try {
            Quarkus.waitForExit();
            return 0;
        } finally {
            LogRing.remove();
        }
    }
}
