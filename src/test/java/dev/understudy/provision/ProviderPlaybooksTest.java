package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.Plan;
import dev.understudy.plan.PlaybookParameter;
import dev.understudy.plan.Playbooks;
import dev.understudy.plan.StepCall;
import dev.understudy.plan.StepKinds;
import dev.understudy.testing.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of the playbooks for providers, run against programs that only record how they are called and answer as
 * the provider's would. Beside each {@code NAME.answers}, a shell function that answers, stands {@code NAME.calls} with
 * every call in order. With {@code -Dunderstudy.corpus=write} missing calls are written, to be read beside the provider's
 * manual by a person before they are committed.
 */
final class ProviderPlaybooksTest {
    private static final Path CORPUS = Path.of("src/test/resources/dev/understudy/provision/providers");
    private static final String RUN = "20261120T075100Z-clone-test-3f2a";
    private static final List<String> PROGRAMS = List.of(
            "aws",
            "az",
            "blkid",
            "btrfs",
            "cp",
            "gcloud",
            "govc",
            "lvcreate",
            "lvremove",
            "lvs",
            "mount",
            "mountpoint",
            "qemu-img",
            "sleep",
            "umount",
            "virsh",
            "virt-clone",
            "zfs");
    private static final Pattern MADE = Pattern.compile("\\{\"kind\": \"([^\"]*)\", \"id\": \"([^\"]*)\"\\}");
    private static final Pattern DEVICES = Pattern.compile("\\{\"devices\": \\[\"([^\"]*)\"\\]\\}");

    @TempDir
    private Path temporary;

    private final Map<String, String> made = new LinkedHashMap<>();
    private final Map<String, String> devices = new LinkedHashMap<>();

    static Stream<String> providers() {
        return Playbooks.shipped().stream().filter(name -> name.startsWith("clone-"));
    }

    private Plan plan(String name) {
        Map<String, String> values = new TreeMap<>();
        for (PlaybookParameter parameter : Playbooks.load(name).parameters()) {
            if (parameter.required()) {
                values.put(parameter.name(), "the-" + parameter.name().replace('_', '-'));
            }
        }
        values.putAll(Map.of("primary", "host=p", "data_directory", "/clone/data"));
        values.computeIfPresent("volumes", (key, value) -> temporary + "/pg/one," + temporary + "/pg/two");
        values.computeIfPresent("disks", (key, value) -> "disk-a,disk-b");
        values.computeIfPresent("mounts", (key, value) -> temporary + "/mnt/a," + temporary + "/mnt/b");
        values.computeIfPresent("into", (key, value) -> temporary + "/into");
        values.computeIfPresent("standby_host", (key, value) -> "ssh://root@db2");
        if (name.equals("clone-lvm") || name.equals("clone-zfs")) {
            values.put("volumes", "vg/one,vg/two");
        }
        if (name.equals("clone-libvirt")) {
            values.put("images", temporary.toString());
            // Not as the domain has them: the files have to reach their own disks all the same.
            values.put("disks", "disk-b,disk-a");
        }
        return Playbooks.load(name).resolve(values);
    }

    private static List<StepCall> hooks(Plan plan) {
        return plan.steps().stream()
                .filter(step -> StepKinds.HOOKS.contains(step.kind().name()))
                .filter(step -> step.arguments().findText("command").isPresent())
                .toList();
    }

    private static Stream<String> scripts(Plan plan) {
        return hooks(plan).stream()
                .flatMap(step -> Stream.concat(
                        step.arguments().findText("command").stream(), step.arguments().findText("cleanup").stream()));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void everyCallIsAsTheProvidersManualHasIt(String name) throws IOException {
        installRecorders(name);
        Plan plan = plan(name);
        for (StepCall step : hooks(plan)) {
            say("# " + step.name());
            Files.createDirectories(temporary.resolve("pg/one"));
            Files.createDirectories(temporary.resolve("pg/two"));
            CommandResult result = call(step, step.arguments().text("command"), "run");
            assertThat(result.status())
                    .as("%s: %s", step.name(), result.error())
                    .isZero();
            take(step, result.text());
        }
        List<StepCall> reversed = new ArrayList<>(hooks(plan));
        java.util.Collections.reverse(reversed);
        for (StepCall step : reversed) {
            if (step.arguments().findText("cleanup").isPresent()) {
                say("# cleanup of " + step.name());
                CommandResult result = call(step, step.arguments().text("cleanup"), "cleanup");
                assertThat(result.status())
                        .as("%s: %s", step.name(), result.error())
                        .isZero();
                assertThat(result.text()).isEmpty();
            }
        }
        compare(
                name,
                Files.readString(temporary.resolve("calls"))
                        .replace(temporary.toString(), "TEMPORARY")
                        .replaceAll("\\[/\\S*/tmp\\.\\w+]", "[MKTEMP]"));
    }

    private static void compare(String name, String calls) throws IOException {
        Path expected = CORPUS.resolve(name + ".calls");
        if (Files.notExists(expected) && "write".equals(System.getProperty("understudy.corpus"))) {
            Files.writeString(expected, calls);
        }
        assertThat(calls).isEqualTo(Files.readString(expected));
    }

    /** A clean-up of a hook that was killed before it could say anything must do no harm. */
    @ParameterizedTest
    @MethodSource("providers")
    void aCleanUpOfNothingSucceeds(String name) throws IOException {
        installRecorders(name);
        for (StepCall step : hooks(plan(name))) {
            if (step.arguments().findText("cleanup").isPresent()) {
                CommandResult result = call(step, step.arguments().text("cleanup"), "cleanup");
                assertThat(result.status()).as(result.error()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void everyScriptIsFineWithShellcheck(String name) throws IOException {
        boolean there = Files.isExecutable(Path.of("/usr/bin/shellcheck"));
        Required.part("shellcheck", there, "there is no shellcheck; install shellcheck");
        int number = 0;
        for (String script : scripts(plan(name)).toList()) {
            Path file = temporary.resolve("script." + number++);
            // What the step and the run put into its environment.
            Files.writeString(file, "#!/bin/sh\n" + script);
            try (Host host = Hosts.local()) {
                CommandResult result = host.run(
                        Command.of("shellcheck", "--shell=sh", "--exclude=SC2154,SC2153,SC2046", file.toString()));
                assertThat(result.text()).isEmpty();
            }
        }
    }

    /** Parameters of one name mean one thing, with one default, wherever they are. */
    @Test
    void whatAllHaveInCommonIsTheSameInAll() {
        Map<String, PlaybookParameter> common = new TreeMap<>();
        Playbooks.load("clone").parameters().forEach(parameter -> common.put(parameter.name(), parameter));
        List<String> own = List.of(
                "attach",
                "attempts",
                "cleanup",
                "hook_timeout",
                "hooks_on",
                "parallel",
                "primary_host",
                "snapshot",
                "standby_host",
                "volumes");
        for (String name : providers().toList()) {
            Map<String, PlaybookParameter> found = new TreeMap<>();
            Playbooks.load(name).parameters().forEach(parameter -> found.put(parameter.name(), parameter));
            common.forEach((key, parameter) -> {
                if (!own.contains(key)) {
                    assertThat(found.get(key))
                            .as("%s of %s", key, name)
                            .usingRecursiveComparison()
                            .ignoringFields("position")
                            .isEqualTo(parameter);
                }
            });
            assertThat(Playbooks.load(name).text().replaceAll("(?s).*\n  - seal\n", ""))
                    .as("what comes after the clone in %s", name)
                    .isEqualTo(Playbooks.load("clone").text().replaceAll("(?s).*\n  - seal\n", ""));
        }
    }

    /** Each program writes down its arguments, and answers by the provider's function. */
    private void installRecorders(String name) throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("bin"));
        String answers = Files.exists(CORPUS.resolve(name + ".answers"))
                ? Files.readString(CORPUS.resolve(name + ".answers"))
                : "answer() { :; }\n";
        for (String program : PROGRAMS) {
            Path file = bin.resolve(program);
            Files.writeString(
                    file,
                    "#!/bin/sh\nprogram=" + program + "\ncalls=" + temporary + "/calls\n" + answers
                            + "printf '%s' \"$program\" >>\"$calls\"\nfor a; do printf ' [%s]' \"$a\" >>\"$calls\"; done\n"
                            + "printf '\\n' >>\"$calls\"\nanswer \"$@\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }

    private void say(String line) throws IOException {
        Files.writeString(
                temporary.resolve("calls"),
                line + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    private CommandResult call(StepCall step, String script, String call) throws IOException {
        Arguments arguments = step.arguments();
        Command command = Command.shell(script)
                .withEnvironment("PATH", temporary.resolve("bin") + ":/usr/bin:/bin")
                .withEnvironment("UNDERSTUDY_RUN", RUN)
                .withEnvironment("UNDERSTUDY_CALL", call)
                .withEnvironment("UNDERSTUDY_STEP", step.name())
                .withEnvironment("UNDERSTUDY_DATA_DIRECTORY", "/clone/data")
                .withEnvironment("UNDERSTUDY_MADE", newestFirst(made.getOrDefault(step.name(), "")));
        List<String> volumes = step.kind().name().equals(StepKinds.SNAPSHOT) ? arguments.names("volumes") : List.of();
        command = command.withEnvironment("UNDERSTUDY_VOLUMES", String.join("\n", volumes));
        for (Map.Entry<String, String> each : arguments.pairs("environment").entrySet()) {
            command = command.withEnvironment(each.getKey(), each.getValue());
        }
        for (Map.Entry<String, String> each : made.entrySet()) {
            command = command.withEnvironment(
                    "UNDERSTUDY_"
                            + each.getKey().toUpperCase(java.util.Locale.ROOT).replace('-', '_') + "_MADE",
                    each.getValue());
        }
        for (Map.Entry<String, String> each : devices.entrySet()) {
            command = command.withEnvironment(
                    "UNDERSTUDY_"
                            + each.getKey().toUpperCase(java.util.Locale.ROOT).replace('-', '_') + "_DEVICES",
                    each.getValue());
        }
        try (Host host = Hosts.local()) {
            return host.run(command);
        }
    }

    private static String newestFirst(String lines) {
        List<String> reversed = new ArrayList<>(lines.lines().toList());
        java.util.Collections.reverse(reversed);
        return String.join("\n", reversed);
    }

    /** What the command said, as the run would record it; its devices become files that are there. */
    private void take(StepCall step, String json) throws IOException {
        made.put(
                step.name(),
                String.join(
                        "\n",
                        MADE.matcher(json)
                                .results()
                                .map(m -> m.group(1) + " " + m.group(2))
                                .distinct()
                                .toList()));
        List<String> paths = new ArrayList<>();
        for (String path : DEVICES.matcher(json).results().map(m -> m.group(1)).toList()) {
            say("device " + path);
            Path device = temporary.resolve("dev").resolve(path.substring(path.lastIndexOf('/') + 1));
            Files.createDirectories(device.getParent());
            paths.add(Files.writeString(device, "").toString());
        }
        devices.put(step.name(), String.join("\n", paths));
        made.get(step.name()).lines().forEach(line -> assertThat(line).doesNotContain("\""));
    }
}
