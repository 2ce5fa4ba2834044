package io.respawn.codec;

import io.respawn.model.Text;
import java.util.List;
import java.util.Map;

/** A JSON value as it was read; numbers keep their digits, so that none is rounded before somebody looks at it. */
sealed interface Json {

    record Word(String value) implements Json {
        @Override
        public String shown() {
            return "'" + Text.shown(value) + "'";
        }
    }

    record Digits(String digits) implements Json {
        @Override
        public String shown() {
            return Text.shown(digits);
        }
    }

    record Flag(boolean value) implements Json {
        @Override
        public String shown() {
            return Boolean.toString(value);
        }
    }

    record Null() implements Json {
        @Override
        public String shown() {
            return "null";
        }
    }

    record Array(List<Json> items) implements Json {
        @Override
        public String shown() {
            return "an array";
        }
    }

    record Members(Map<String, Json> values) implements Json {
        @Override
        public String shown() {
            return "an object";
        }
    }

    /** How a message quotes the value. */
    String shown();
}
