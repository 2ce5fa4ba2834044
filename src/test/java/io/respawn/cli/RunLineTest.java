package io.respawn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLineTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run --config /etc/a.yaml",
                "run --config=/etc/a.yaml",
                "run --id a",
                "run --id=a --config b",
                "run --config a=b --id=c=d",
                "run --config status --id run"
            })
    void readsAUsualLineAsTheLibraryDoes(String line) {
        // when
        Optional<Sidecar.RunRequest> read = RunLine.read(line.split(" "));

        // then
        assertThat(byTheLibrary(line)).containsExactly(read.orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "--help",
                "run --help",
                "run -h",
                "run x",
                "run --config",
                "run --config=",
                "run --config --id a",
                "run --id a --id b",
                "run --config a --config a",
                "run --config @file",
                "run --id \"a\"",
                "run --unknown=x",
                "run --conf a",
                "RUN",
                "@run"
            })
    void leavesWhatIsUnusualToTheLibrary(String line) {
        assertThat(RunLine.read(line.split(" "))).isEmpty();
    }

    @Test
    void leavesAnEmptyLineToTheLibrary() {
        assertThat(RunLine.read()).isEmpty();
    }

    @Test
    void hasTheSidecarRunAndAnswersWithItsCode() {
        // given
        var sidecar = new Recording(7);

        // when
        int exit = Cli.run(new String[] {"run", "--config", "a.yaml"}, sidecar);

        // then
        assertThat(exit).isEqualTo(7);
        assertThat(sidecar.runs)
                .containsExactly(new Sidecar.RunRequest(Optional.of(Path.of("a.yaml")), Optional.empty()));
    }

    private static List<Sidecar.RunRequest> byTheLibrary(String line) {
        var sidecar = new Recording(Exit.DONE);
        var quiet = new PrintWriter(new StringWriter());
        assertThat(Cli.run(line.split(" "), Map.of(), new Output(quiet, quiet), sidecar))
                .isEqualTo(Exit.DONE);
        return sidecar.runs;
    }

    /** Runs nothing, and remembers what was to be run. */
    private static final class Recording implements Sidecar {
        private final List<RunRequest> runs = new ArrayList<>();
        private final int exit;

        Recording(int exit) {
            this.exit = exit;
        }

        @Override
        public int run(RunRequest request) {
            runs.add(request);
            return exit;
        }

        @Override
        public Checked check(Optional<Path> configuration) {
            return new Checked.Fine(0);
        }
    }
}
