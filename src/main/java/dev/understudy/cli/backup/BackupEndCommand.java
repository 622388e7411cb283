package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.Bundle;
import dev.understudy.provision.bundle.BundleDirectory;
import dev.understudy.provision.bundle.BundleStatus;
import dev.understudy.provision.bundle.EndOfBackup;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backup end}. */
@Command(
        name = "end",
        description = {
            "Stops the backup and completes its bundle.",
            "Of a backup that was given up meanwhile it drops the slot, says why, and ends with 4: what was cloned is"
                    + " worthless."
        },
        footer = {"", "Example:", "  understudy backup end --bundle /srv/bundles/b1"})
final class BackupEndCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final BundleOption bundle = new BundleOption();

    @Option(
            names = "--primary",
            paramLabel = "CONN",
            description = "How the server is reached to drop the slot of a backup that was given up, if a password is"
                    + " needed for that.")
    private @Nullable String primary;

    @Mixin
    private final FormatOption format = new FormatOption();

    BackupEndCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BundleDirectory directory = bundle.directory();
        Optional<Conninfo> conninfo = Optional.ofNullable(primary).map(Conninfo::parse);
        Bundle complete = new EndOfBackup(
                        directory,
                        conninfo,
                        what -> console.people(format.format()).line("waiting for " + what))
                .end();
        new StatusPrint(console, format).print(BundleStatus.of(directory));
        if (!format.isJson()) {
            console.out().line("end        " + complete.evidence());
            console.out().line("Seal clones with: understudy seal --bundle " + directory.path() + " -D DATADIR");
        }
        return ExitCode.OK.number();
    }
}
