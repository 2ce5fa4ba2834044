package io.respawn.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Lets an option take its value only with {@code =}, so that what follows {@code --wait} is never taken for its value. */
final class AttachedOnly implements IParameterPreprocessor {

    @Override
    public boolean preprocess(Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (!"=".equals(info.get("separator")) && option instanceof OptionSpec spec) {
            args.push(spec.fallbackValue());
        }
        return false;
    }
}
