package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.cli.run.State;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.ParameterType;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.BackupRequest;
import dev.understudy.provision.bundle.BundleDirectory;
import dev.understudy.provision.bundle.BundleStatus;
import dev.understudy.server.backup.CheckpointMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backup begin}. */
@Command(
        name = "begin",
        description = "Starts a backup and returns once it is open; a process stays behind that holds it.",
        footer = {
            "",
            "Example:",
            "  understudy backup begin --primary 'host=db1 user=backup' --bundle /srv/bundles/b1 --slot standby_2"
        })
final class BackupBeginCommand implements Callable<Integer> {
    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");

    private final Console console;

    @Option(
            names = "--primary",
            paramLabel = "CONN",
            required = true,
            description = "libpq connection string or URI of the server; a standby will do.")
    private String primary = "";

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            required = true,
            description = "Directory for the bundle; made, or empty. Each backup has one of its own.")
    private Path bundle = Path.of("");

    @Option(
            names = "--slot",
            paramLabel = "SLOT",
            defaultValue = "understudy",
            description = "Physical replication slot to make, which keeps the WAL for the clones (default:"
                    + " ${DEFAULT-VALUE}).")
    private String slot = "";

    @Option(names = "--no-slot", description = "Makes no slot: an archive has the WAL, which \"end\" then waits for.")
    private boolean noSlot;

    @Option(names = "--label", paramLabel = "TEXT", description = "The backup's label; what makes it unique is added.")
    private String label = "";

    @Option(
            names = "--checkpoint",
            paramLabel = "fast|spread",
            defaultValue = "fast",
            description = "The checkpoint at the start: at once, or spread over minutes (default: ${DEFAULT-VALUE}).")
    private CheckpointMode checkpoint = CheckpointMode.FAST;

    @Option(
            names = "--limit",
            paramLabel = "DURATION",
            defaultValue = "12h",
            description = "A backup that is not ended by then is given up (default: ${DEFAULT-VALUE}).")
    private String limit = "";

    @Mixin
    private final FormatOption format = new FormatOption();

    BackupBeginCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BundleDirectory directory = BundleDirectory.of(bundle);
        BundleStatus status = new KeeperLaunch(directory, request(), () -> list(directory)).launch();
        new StatusPrint(console, format).print(status);
        if (!format.isJson()) {
            console.out().line("Clone now, then: understudy backup end --bundle " + directory.path());
        }
        return ExitCode.OK.number();
    }

    /** That a backup cannot be listed is no reason not to take it. */
    private void list(BundleDirectory directory) {
        try {
            State.bundles().add(directory);
        } catch (UnderstudyException e) {
            console.people(format.format())
                    .line("warning: \"understudy backup status\" will not list this backup: " + e.message());
        }
    }

    private BackupRequest request() {
        Duration duration = (Duration) new ParameterType.Span()
                .find(limit)
                .orElseThrow(() -> invalid("--limit", limit, "a duration with its unit, such as 90min or 12h"));
        if (!SLOT.matcher(slot).matches()) {
            throw invalid("--slot", slot, "1 to 63 lower-case letters, digits and underscores");
        }
        if (label.chars().anyMatch(Character::isISOControl) || label.length() > 200) {
            throw invalid("--label", label, "one line of at most 200 characters");
        }
        return new BackupRequest(
                Conninfo.parse(primary),
                Optional.of(slot).filter(name -> !noSlot),
                Optional.of(label).filter(text -> !text.isEmpty()),
                checkpoint,
                duration);
    }

    private static UnderstudyException invalid(String option, String value, String expected) {
        return UnderstudyException.of(ErrorCode.VALUE_INVALID, "%s: \"%s\" is not valid", option, value)
                .hint("Expected %s.", expected)
                .build();
    }
}
