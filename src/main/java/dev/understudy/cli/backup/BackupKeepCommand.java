package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.provision.bundle.Keeper;
import dev.understudy.provision.bundle.KeeperState;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sun.misc.Signal;

/** The keeper itself: {@code backup begin} starts it, nobody else. */
@Command(name = "keep", hidden = true, description = "Holds the backup that \"begin\" started.")
final class BackupKeepCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final BundleOption bundle = new BundleOption();

    BackupKeepCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Keeper keeper = new Keeper(bundle.directory(), KeeperInput.read(System.in), Clock.systemUTC());
        Signal.handle(new Signal("TERM"), signal -> keeper.terminate());
        Signal.handle(new Signal("INT"), signal -> keeper.terminate());
        // A terminal that is lost, a log-out: it is what the keeper is there to outlive.
        Signal.handle(new Signal("HUP"), signal -> {});
        if (keeper.run()) {
            return ExitCode.OK.number();
        }
        KeeperState state = bundle.directory().state();
        state.failure().ifPresent(failure -> console.err().line(failure.message()));
        return (state.mayHaveLeftSlot() ? ExitCode.LEFT : ExitCode.UNDONE).number();
    }
}
