package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The parent of the halves; it does nothing alone. */
@Command(
        name = "backup",
        description = {
            "The two halves of a backup around somebody else's copy: a snapshot, a machine's clone.",
            "\"begin\" returns when the backup is open and leaves a process that holds it; \"end\" stops it and completes"
                    + " the bundle that \"understudy seal\" needs."
        },
        footer = {
            "",
            "Example:",
            "  understudy backup begin --primary 'host=db1 user=backup' --bundle /srv/bundles/b1",
            "  # … take the snapshot …",
            "  understudy backup end --bundle /srv/bundles/b1",
            "  understudy seal --bundle /srv/bundles/b1 -D /mnt/clone/data"
        })
public final class BackupCommand {
    private BackupCommand() {}

    /** The command with its subcommands. */
    public static CommandLine of(Console console) {
        CommandLine command = new CommandLine(new BackupCommand());
        command.addSubcommand(new BackupBeginCommand(console));
        command.addSubcommand(new BackupStatusCommand(console));
        command.addSubcommand(new BackupEndCommand(console));
        command.addSubcommand(new BackupDropCommand(console));
        command.addSubcommand(new BackupKeepCommand(console));
        return command;
    }
}
