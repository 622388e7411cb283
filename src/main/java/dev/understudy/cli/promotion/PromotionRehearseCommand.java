package dev.understudy.cli.promotion;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.cli.run.Attempt;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.cli.run.HostPath;
import dev.understudy.cli.run.State;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Interruption.Mode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbooks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Promotes a throw-away copy of a standby. */
@Command(
        name = "rehearse",
        description = {
            "Promotes a throw-away copy of a standby and says what happened: how long it took, and whether what came of it is a good primary.",
            "The copy is isolated: no TCP, no archiving, no upstream. It is removed at the end. The standby itself is only read, and as gently as told.",
            "Exit code 0 for a good rehearsal, 1 if something wrong was found, 3 if it was refused before anything was made."
        },
        footer = {
            "",
            "Examples:",
            "  understudy promotion rehearse --standby 'host=db2 user=postgres' -D /var/lib/postgresql/15/main",
            "  understudy promotion rehearse --standby host=db2 -D /srv/pg/data --host ssh://postgres@db2 --probe orders.sql",
            "  understudy promotion rehearse --standby host=db2 -D /srv/pg/data --scratch /mnt/large -e rate_limit=32MB",
            "",
            "What -e can set: understudy playbooks rehearsal"
        })
final class PromotionRehearseCommand implements Callable<Integer> {
    private static final String PLAYBOOK = "rehearsal";

    private final Console console;
    private final Assembler assembler;

    @Option(
            names = "--standby",
            paramLabel = "CONN",
            required = true,
            description = "Connection string or URI of the standby.")
    private String standby = "";

    @Option(
            names = {"-D", "--data-directory"},
            paramLabel = "DATADIR",
            required = true,
            description = "The standby's data directory, on the host given with --host.")
    private String dataDirectory = "";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "local",
            description = "Where the data directory is: ${DEFAULT-VALUE} or ssh://user@host:port.")
    private String host = "local";

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description =
                    "The directory in which the copy is made and removed; the one that DATADIR is in if not given.")
    private Optional<String> scratch = Optional.empty();

    @Option(
            names = "--scratch-host",
            paramLabel = "HOST",
            description = "Where that is, and the copy runs; the standby's host if not given.")
    private Optional<String> scratchHost = Optional.empty();

    @Option(
            names = "--probe",
            paramLabel = "FILE",
            description = "SQL to run on the promoted copy, which must give true; may be repeated.")
    private List<Path> probes = new ArrayList<>();

    @Option(
            names = "--keep-on-failure",
            description =
                    "Keeps the copy, its server stopped, if something wrong was found, and says how to remove it.")
    private boolean keepOnFailure;

    @Option(
            names = {"-e", "--set"},
            paramLabel = "NAME=VALUE",
            mapFallbackValue = "",
            description = "Gives another parameter of the playbook \"rehearsal\" its value; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Mixin
    private final FormatOption format = new FormatOption();

    PromotionRehearseCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        Map<String, String> parameters = parameters();
        Plan plan = Playbooks.load(PLAYBOOK).resolve(parameters);
        Runs runs = State.runs();
        try (Assembled assembled = assembler.assemble(plan)) {
            int left = new EarlierRehearsals(console, format.format(), assembler, runs)
                    .clear(PLAYBOOK, assembled.target(), parameters);
            return left != ExitCode.OK.number()
                    ? left
                    : new Attempt(console, format.format(), Mode.UNDO)
                            .start(runs, plan, assembled)
                            .exitCode();
        }
    }

    private Map<String, String> parameters() {
        String directory = HostPath.absolute(dataDirectory, host);
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("standby", standby);
        parameters.put("standby_host", host);
        parameters.put("data_directory", directory);
        parameters.put("scratch_host", scratchHost.orElse(host));
        parameters.put(
                "scratch",
                scratch.map(path -> HostPath.absolute(path, scratchHost.orElse(host)))
                        .orElseGet(() -> parent(directory)));
        if (!probes.isEmpty()) {
            parameters.put(
                    "probes",
                    probes.stream().map(PromotionRehearseCommand::probe).collect(Collectors.joining(",")));
        }
        parameters.put("keep", keepOnFailure ? "on-failure" : "never");
        parameters.putAll(values);
        return parameters;
    }

    private static String probe(Path file) {
        String path = file.toAbsolutePath().normalize().toString();
        if (path.contains(",")) {
            throw UnderstudyException.of(
                            ErrorCode.VALUE_INVALID, "the name of a probe cannot have a comma: \"%s\"", path)
                    .build();
        }
        return path;
    }

    private static String parent(String directory) {
        int slash = directory.lastIndexOf('/');
        return slash == 0 ? "/" : directory.substring(0, slash);
    }
}
