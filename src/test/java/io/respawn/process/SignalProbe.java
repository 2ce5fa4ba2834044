package io.respawn.process;

import io.respawn.linux.Reactor;

/** A program with nothing but signal handling: prints what the loop is told. Ends after a forced request. */
final class SignalProbe {

    private SignalProbe() {}

    public static void main(String... arguments) {
        System.out.println("possible " + SignalHandling.possible());
        var reactor = new Reactor(Throwable::printStackTrace);
        new SignalHandling(
                reactor,
                event -> {
                    System.out.println(event);
                    if (event.toString().contains("forced=true")) {
                        reactor.stop();
                    }
                },
                () -> System.out.println("hangup"),
                () -> System.out.println("user1"));
        System.out.println("ready");
        reactor.run();
        reactor.close();
    }
}
