package dev.understudy.cli.promotion;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.run.Assembler;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The parent of check and rehearsal; it does nothing alone. */
@Command(
        name = "promotion",
        description = {
            "Before a promotion: go or no-go, check by check, and a rehearsal on a throw-away copy.",
            "Never promotes the standby itself."
        },
        footer = {
            "",
            "Examples:",
            "  understudy promotion check --standby 'host=db2 user=postgres' --primary 'host=db1 user=postgres'",
            "  understudy promotion rehearse --standby 'host=db2 user=postgres' -D /var/lib/postgresql/15/main"
        })
public final class PromotionCommand {
    private PromotionCommand() {}

    /** The command with its subcommands. */
    public static CommandLine of(Console console, Assembler assembler) {
        CommandLine command = new CommandLine(new PromotionCommand());
        command.addSubcommand(new PromotionCheckCommand(console));
        command.addSubcommand(new PromotionRehearseCommand(console, assembler));
        return command;
    }
}
