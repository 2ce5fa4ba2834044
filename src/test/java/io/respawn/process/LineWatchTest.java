package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.model.ReadyLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LineWatchTest {

    private final List<String> found = new ArrayList<>();

    private LineWatch watch(String regex) {
        return new LineWatch(Rig.instance("web"), new ReadyLine(regex), found::add);
    }

    @Test
    void findsTheFirstLineAndNoOther() {
        // given
        LineWatch watch = watch("listening on \\d+$");
        // when
        watch.look("will be listening on a port");
        watch.look("INFO listening on 8080");
        watch.look("INFO listening on 8081");
        // then
        assertThat(found).containsExactly("INFO listening on 8080");
    }

    @Test
    void looksAtTheBeginningOfALongLine() {
        // given
        LineWatch watch = watch("up");
        // when
        watch.look("x".repeat(BoundedSearch.LONGEST) + "up");
        // then
        assertThat(found).isEmpty();
        watch.look("x".repeat(BoundedSearch.LONGEST - 2) + "up");
        assertThat(found).hasSize(1);
    }

    @Test
    @Timeout(20)
    void givesUpAPatternThatWouldTakeForEver() {
        // given
        LineWatch watch = watch("a*a*a*a*a*a*a*a*b$");
        long begin = System.nanoTime();
        // when
        for (int i = 0; i < 1000; i++) {
            watch.look("a".repeat(60));
        }
        // then: not even the line that would do is looked at any more
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        watch.look("aaab");
        assertThat(found).isEmpty();
    }

    @Test
    void survivesAPatternThatGoesTooDeep() {
        // given
        LineWatch watch = watch("^(a|b|[c-z])*0$");
        // when
        watch.look("ab".repeat(BoundedSearch.LONGEST / 2));
        // then
        watch.look("ab0");
        assertThat(found).containsExactly("ab0");
    }

    @Test
    void refusesAPatternThatIsNone() {
        assertThatThrownBy(() -> new ReadyLine("up ("))
                .hasMessage("Cannot understand the pattern 'up (': Unclosed group at character 5");
        assertThatThrownBy(() -> new ReadyLine("")).hasMessageStartingWith("Cannot look for the line ''");
        assertThatThrownBy(() -> new ReadyLine("x".repeat(513))).hasMessageContaining("1 to 512 characters");
    }
}
