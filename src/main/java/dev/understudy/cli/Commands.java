package dev.understudy.cli;

import dev.understudy.cli.console.Console;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;

/** The catalogue of commands. */
final class Commands {
    private Commands() {}

    static CommandLine of(Console console) {
        CommandLine root = new CommandLine(new RootCommand());
        root.addSubcommand(new GenerateCompletion());
        root.addSubcommand(new WarmUpCommand(console));
        withStandardOptions(root);
        return root;
    }

    /** Every command has {@code --help} and, for scripts, {@code --version}. */
    private static void withStandardOptions(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.getSubcommands().values().forEach(Commands::withStandardOptions);
    }
}
