package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.cli.run.State;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.BundleDirectory;
import dev.understudy.provision.bundle.BundleStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backup status}. */
@Command(
        name = "status",
        description = {
            "Says how a backup stands, how much WAL its slot keeps on the primary, and what is left of it if it was given"
                    + " up; of all backups that this account has begun on this machine, if none is named.",
            "Ends with 1 if the backup was given up, or its slot is lost; of all, if something is left to clear away."
        },
        footer = {
            "",
            "Examples:",
            "  understudy backup status",
            "  understudy backup status --bundle /srv/bundles/b1 --format json | jq -r .state"
        })
final class BackupStatusCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--bundle", paramLabel = "DIR", description = "The bundle's directory.")
    private @Nullable Path bundle;

    @Option(
            names = "--primary",
            paramLabel = "CONN",
            description = "How the server is asked about the slot, if not as the backup was begun.")
    private @Nullable String primary;

    @Mixin
    private final FormatOption format = new FormatOption();

    BackupStatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<Conninfo> conninfo = Optional.ofNullable(primary).map(Conninfo::parse);
        return (bundle == null ? all(conninfo) : one(BundleDirectory.of(bundle), conninfo)).number();
    }

    private ExitCode one(BundleDirectory directory, Optional<Conninfo> conninfo) {
        BundleStatus status = BundleStatus.of(directory).askingThePrimary(conninfo);
        new StatusPrint(console, format).print(status);
        return status.isBad() ? ExitCode.FINDINGS : ExitCode.OK;
    }

    private ExitCode all(Optional<Conninfo> conninfo) {
        List<BundleStatus> all = new ArrayList<>();
        boolean unreadable = false;
        for (BundleDirectory directory : State.bundles().list()) {
            try {
                all.add(BundleStatus.of(directory).askingThePrimary(conninfo));
            } catch (UnderstudyException e) {
                unreadable = true;
                console.err().line(directory.path() + ": " + e.message());
            }
        }
        new StatusPrint(console, format).print(all);
        boolean left = all.stream().anyMatch(status -> !status.leftovers().isEmpty());
        return left || unreadable ? ExitCode.FINDINGS : ExitCode.OK;
    }
}
