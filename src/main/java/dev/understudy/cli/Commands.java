package dev.understudy.cli;

import dev.understudy.cli.backup.BackupCommand;
import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.Version;
import dev.understudy.cli.demo.DemoCommand;
import dev.understudy.cli.doctor.DoctorCommand;
import dev.understudy.cli.guard.GuardCommand;
import dev.understudy.cli.inspect.InspectCommand;
import dev.understudy.cli.promotion.PromotionCommand;
import dev.understudy.cli.run.AbortCommand;
import dev.understudy.cli.run.Assembler;
import dev.understudy.cli.run.PlanCommand;
import dev.understudy.cli.run.PlaybooksCommand;
import dev.understudy.cli.run.ReportCommand;
import dev.understudy.cli.run.ResumeCommand;
import dev.understudy.cli.run.RunCommand;
import dev.understudy.cli.run.RunsCommand;
import dev.understudy.cli.seal.SealCommand;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;

/** The catalogue of commands. */
final class Commands {
    private static final int HELP_WIDTH = 110;

    private Commands() {}

    static CommandLine of(Console console) {
        CommandLine root = new CommandLine(new RootCommand());
        Assembler assembler = new PlanAssembler();
        root.addSubcommand(new DemoCommand(console, assembler));
        root.addSubcommand(new PlaybooksCommand(console));
        root.addSubcommand(new PlanCommand(console, assembler));
        root.addSubcommand(new RunCommand(console, assembler));
        root.addSubcommand(new RunsCommand(console));
        root.addSubcommand(new ResumeCommand(console, assembler));
        root.addSubcommand(new AbortCommand(console, assembler));
        root.addSubcommand(new ReportCommand(console));
        root.addSubcommand(new DoctorCommand(console, assembler));
        root.addSubcommand(PromotionCommand.of(console, assembler));
        root.addSubcommand(BackupCommand.of(console));
        root.addSubcommand(new SealCommand(console));
        root.addSubcommand(new GuardCommand(console));
        root.addSubcommand(new InspectCommand());
        root.addSubcommand(new GenerateCompletion());
        root.addSubcommand(new ManPagesCommand(console));
        root.addSubcommand(new WarmUpCommand(console));
        withStandardOptions(root);
        return root;
    }

    /** Every command has {@code --help} and, for scripts, {@code --version}. */
    private static void withStandardOptions(CommandLine command) {
        if (!command.getCommandSpec().mixinStandardHelpOptions()) {
            command.getCommandSpec().mixinStandardHelpOptions(true);
        }
        command.getCommandSpec().versionProvider(new Version());
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setUsageHelpWidth(HELP_WIDTH);
        command.getSubcommands().values().forEach(Commands::withStandardOptions);
    }
}
