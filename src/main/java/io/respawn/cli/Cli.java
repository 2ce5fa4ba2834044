package io.respawn.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ScopeType;

/** Reads a command line and carries it out. */
public final class Cli {

    private Cli() {}

    /**
     * Carries the command line out, on the standard streams and with this process's environment.
     *
     * @return the exit code, see {@link Exit}
     */
    public static int run(String[] arguments, Sidecar sidecar) {
        Optional<Sidecar.RunRequest> usual = RunLine.read(arguments);
        if (usual.isPresent()) {
            return run(usual.get(), sidecar);
        }
        Output output = new Output(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        return run(arguments, System.getenv(), output, sidecar);
    }

    /** As the library would have it: a failure is shown, and has a code. */
    private static int run(Sidecar.RunRequest request, Sidecar sidecar) {
        try {
            return sidecar.run(request);
        } catch (RuntimeException failure) {
            failure.printStackTrace();
            return Exit.FAILED;
        }
    }

    static int run(String[] arguments, Map<String, String> environment, Output output, Sidecar sidecar) {
        CommandLine root = new CommandLine(new RespawnCommand());
        root.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .scopeType(ScopeType.INHERIT)
                        .description("Show this help.")
                        .build());
        add(root, "run", new RunCommand(sidecar), "Become the sidecar.");
        add(root, "status", new StatusCommand(environment, output), "Show what runs, and why the rest does not.");
        add(root, "start", new OrderCommand("start", environment, output), "Start a service.");
        add(root, "stop", new EndingCommand("stop", environment, output), "Stop a service until it is started again.");
        add(root, "restart", new EndingCommand("restart", environment, output), "Replace a service's processes.");
        add(root, "signal", new SignalCommand(environment, output), "Send a signal to a service.");
        add(
                root,
                "reset",
                new OrderCommand("reset", environment, output),
                "Try again at once what backs off or was given up.");
        add(root, "scale", new ScaleCommand(environment, output), "Run another number of a service's instances.");
        add(root, "intents", new IntentsCommand(environment, output), "Show who ordered what, and what became of it.");
        add(root, "cancel", new CancelCommand(environment, output), "Take an order back that has not begun.");
        add(
                root,
                "plan",
                new PlanCommand(environment, output),
                "Show the plan in force, and what is configured otherwise.");
        add(
                root,
                "apply",
                new ApplyCommand(environment, output),
                "Apply the configuration as it is now: what did not change is not touched.");
        add(root, "respawn", new SelfCommand("respawn", environment, output), "Have the sidecar load itself anew.");
        add(root, "logs", new LogsCommand(environment, output), "Show what a service wrote.");
        add(root, "check", new CheckCommand(sidecar, output), "Say what is wrong with a configuration.");
        add(root, "version", new VersionCommand(output), "Say which version this is.");
        root.setOut(output.out());
        root.setErr(output.err());
        root.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setExecutionExceptionHandler((failure, line, result) -> ended(failure, output));
        root.setParameterExceptionHandler((failure, given) -> {
            output.trouble(String.valueOf(failure.getMessage()));
            output.trouble("Try '" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
            return Exit.USAGE;
        });
        return root.execute(arguments);
    }

    private static void add(CommandLine root, String verb, Object command, String description) {
        CommandLine line = new CommandLine(command);
        // Every help text ends with the exit codes.
        UsageMessageSpec general = root.getCommandSpec().usageMessage();
        line.getCommandSpec()
                .usageMessage()
                .description(description)
                .exitCodeListHeading(general.exitCodeListHeading())
                .exitCodeList(general.exitCodeList());
        root.addSubcommand(verb, line);
    }

    private static int ended(Exception failure, Output output) throws Exception {
        if (failure instanceof CliException expected) {
            output.trouble(String.valueOf(expected.getMessage()));
            return expected.exitCode();
        }
        throw failure;
    }
}
