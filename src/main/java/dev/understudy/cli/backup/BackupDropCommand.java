package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.BackupDrop;
import dev.understudy.provision.bundle.BundleDirectory;
import dev.understudy.provision.bundle.BundleStatus;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backup drop}. */
@Command(
        name = "drop",
        description = {
            "Gives a backup up that nobody needs any more, whether it is open, lost or complete: its slot is dropped on"
                    + " the primary, and its label removed from the bundle.",
            "Refused once a standby has used the slot."
        },
        footer = {"", "Example:", "  understudy backup drop --bundle /srv/bundles/b1"})
final class BackupDropCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final BundleOption bundle = new BundleOption();

    @Option(
            names = "--primary",
            paramLabel = "CONN",
            description = "How the server is reached to drop the slot, if a password is needed for that.")
    private @Nullable String primary;

    @Mixin
    private final FormatOption format = new FormatOption();

    BackupDropCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BundleDirectory directory = bundle.directory();
        new BackupDrop(
                        directory,
                        Optional.ofNullable(primary).map(Conninfo::parse),
                        what -> console.people(format.format()).line("waiting for " + what))
                .drop();
        new StatusPrint(console, format).print(BundleStatus.of(directory));
        return ExitCode.OK.number();
    }
}
