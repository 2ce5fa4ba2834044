package io.respawn.config;

import io.respawn.model.ProcessSetting;
import io.respawn.model.ProcessSetting.Limit;
import io.respawn.model.ProcessSetting.Resource;
import io.respawn.model.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads what a service's process is given before it begins. Each value is checked alone, so that its own path is blamed. */
final class ProcessSettingReader {

    private static final String NICE = "nice";
    private static final String OOM_SCORE = "oom-score-adj";
    private static final String UNLIMITED = "unlimited";
    private static final Set<Resource> SIZES = Set.of(
            Resource.FILE_SIZE,
            Resource.DATA_SIZE,
            Resource.STACK_SIZE,
            Resource.CORE_SIZE,
            Resource.LOCKED_MEMORY,
            Resource.ADDRESS_SPACE,
            Resource.MESSAGE_QUEUES);

    private final String path;
    private final ServiceConfig raw;
    private final Mistakes mistakes;
    private final Fields fields;

    private ProcessSettingReader(String path, ServiceConfig raw, Mistakes mistakes) {
        this.path = path;
        this.raw = raw;
        this.mistakes = mistakes;
        this.fields = new Fields(path, mistakes);
    }

    /** That of the service at the path. */
    static ProcessSetting read(String path, ServiceConfig raw, Mistakes mistakes) {
        return new ProcessSettingReader(path, raw, mistakes).read();
    }

    private ProcessSetting read() {
        var setting = new ProcessSetting(
                account("user", raw.user()),
                account("group", raw.group()),
                raw.supplementaryGroups().map(this::groups),
                raw.umask().flatMap(text -> fields.read("umask", text, ProcessSettingReader::umask)),
                fields.read("no-new-privileges", raw.noNewPrivileges(), Values::truth)
                        .orElse(false),
                limits(),
                special(NICE, -20, 19),
                special(OOM_SCORE, -1000, 1000),
                raw.cgroup().flatMap(text -> fields.read("cgroup", text, ProcessSettingReader::cgroup)));
        return setting.isEmpty() ? ProcessSetting.DEFAULT : setting;
    }

    private Optional<String> account(String field, Optional<String> value) {
        return value.flatMap(text -> fields.read(field, text, ProcessSettingReader::account));
    }

    private List<String> groups(List<String> texts) {
        List<String> read = new ArrayList<>();
        for (int i = 0; i < texts.size() && !Fields.standsForNone(texts); i++) {
            fields.readElement("supplementary-groups", i, texts.get(i), ProcessSettingReader::account)
                    .ifPresent(read::add);
        }
        return read;
    }

    private Map<Resource, Limit> limits() {
        Map<Resource, Limit> read = new EnumMap<>(Resource.class);
        raw.limits().forEach((name, text) -> {
            String at = Paths.join(Paths.join(path, "limits"), name);
            Optional<Resource> resource = Arrays.stream(Resource.values())
                    .filter(one -> one.word().equals(name))
                    .findFirst();
            if (resource.isPresent()) {
                mistakes.attempt(at, () -> limit(resource.get(), text))
                        .ifPresent(limit -> read.put(resource.get(), limit));
            } else if (!name.equals(NICE) && !name.equals(OOM_SCORE)) {
                mistakes.add(at, unknown(name));
            }
        });
        return read;
    }

    private static String unknown(String name) {
        List<String> known = Stream.concat(
                        Arrays.stream(Resource.values()).map(Resource::word), Stream.of(NICE, OOM_SCORE))
                .sorted()
                .toList();
        return "Cannot use '" + Text.shown(name) + "': there is no such limit; "
                + Spelling.nearest(name, known)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("known are " + String.join(", ", known));
    }

    private Optional<Integer> special(String name, int lowest, int highest) {
        String text = raw.limits().get(name);
        if (text == null) {
            return Optional.empty();
        }
        return mistakes.attempt(Paths.join(Paths.join(path, "limits"), name), () -> {
            int value = Values.integer(text);
            if (value < lowest || value > highest) {
                throw new IllegalArgumentException(
                        "Cannot use " + value + " as " + name + ": " + lowest + " to " + highest + " are allowed");
            }
            return value;
        });
    }

    /** One amount for both, or the first and the last that it may have, with a colon between. */
    private static Limit limit(Resource resource, String text) {
        String[] parts = text.strip().split(":", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(text) + "': write one amount, or two as in 1024:4096");
        }
        Function<String, Optional<Long>> amount = part -> amount(resource, part.strip());
        return new Limit(amount.apply(parts[0]), amount.apply(parts[parts.length - 1]));
    }

    private static Optional<Long> amount(Resource resource, String text) {
        if (text.equals(UNLIMITED)) {
            return Optional.empty();
        }
        if (text.matches("\\d{1,18}")) {
            return Optional.of(Long.parseLong(text));
        }
        if (resource == Resource.CPU_TIME) {
            return Optional.of(Math.max(1, Values.duration(text).toSeconds()));
        }
        if (SIZES.contains(resource)) {
            return Optional.of(Values.size(text));
        }
        throw new IllegalArgumentException(
                "Cannot use '" + Text.shown(text) + "' as a limit: write a number or 'unlimited'");
    }

    private static String account(String text) {
        String name = text.strip();
        if (name.isEmpty() || name.indexOf(':') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(text) + "': give the name or the number of a user or group");
        }
        return name;
    }

    private static int umask(String text) {
        if (!text.strip().matches("0?[0-7]{1,3}")) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text)
                    + "' as a umask: three octal digits are expected, in quotes, such as \"027\"");
        }
        return Integer.parseInt(text.strip(), 8);
    }

    private static String cgroup(String text) {
        String name = text.strip();
        List<String> parts = List.of(name.replaceFirst("^/", "").split("/", -1));
        if (name.indexOf('\0') >= 0
                || parts.stream().anyMatch(part -> part.isBlank() || part.equals(".") || part.equals(".."))) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text)
                    + "' as a cgroup: give names with slashes between them, such as shop/web");
        }
        return name;
    }
}
