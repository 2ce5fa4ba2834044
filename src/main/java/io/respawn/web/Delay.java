package io.respawn.web;

import io.respawn.core.QueuePlace;
import java.util.Optional;

/**
 * Why an order has not begun yet.
 *
 * @param why in words; empty when it has, or when nothing holds it back
 * @param place among those that wait for the budget
 */
record Delay(Optional<String> why, Optional<QueuePlace> place) {

    static final Delay NONE = new Delay(Optional.empty(), Optional.empty());

    static Delay because(String why) {
        return new Delay(Optional.of(why), Optional.empty());
    }

    static Delay inTheQueue(QueuePlace place) {
        return new Delay(Optional.of(place.reason()), Optional.of(place));
    }
}
