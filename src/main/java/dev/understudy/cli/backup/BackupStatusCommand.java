package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.provision.bundle.BundleStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backup status}. */
@Command(
        name = "status",
        description = "Says how a backup stands, and what is left of one that was given up. Ends with 1 if it was.",
        footer = {"", "Example:", "  understudy backup status --bundle /srv/bundles/b1 --format json | jq -r .state"})
final class BackupStatusCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final BundleOption bundle = new BundleOption();

    @Mixin
    private final FormatOption format = new FormatOption();

    BackupStatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BundleStatus status = BundleStatus.of(bundle.directory());
        new StatusPrint(console, format).print(status);
        return (status.condition().isBad() ? ExitCode.FINDINGS : ExitCode.OK).number();
    }
}
