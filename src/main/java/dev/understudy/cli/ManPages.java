package dev.understudy.cli;

import dev.understudy.cli.console.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Manual pages in section 1, one a command, written from the same model that parses the command line. */
final class ManPages {
    private ManPages() {}

    /** The pages by file name: {@code understudy.1}, {@code understudy-run.1} and so on. */
    static Map<String, String> of(CommandLine root) {
        Map<String, String> pages = new LinkedHashMap<>();
        addAll(pages, root);
        return pages;
    }

    private static void addAll(Map<String, String> pages, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.usageMessage().hidden()) {
            return;
        }
        pages.put(name(spec) + ".1", page(spec));
        command.getSubcommands().values().forEach(sub -> addAll(pages, sub));
    }

    private static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private static String page(CommandSpec spec) {
        StringBuilder page = new StringBuilder();
        String[] description = spec.usageMessage().description();
        page.append(".TH \"%s\" 1 \"\" \"understudy %s\" \"Understudy\"\n"
                .formatted(name(spec).toUpperCase(Locale.ROOT), roff(Version.number())));
        page.append(".SH NAME\n%s \\- %s\n"
                .formatted(roff(name(spec)), roff(description.length == 0 ? "" : description[0])));
        page.append(".SH SYNOPSIS\n.nf\n").append(synopsis(spec)).append("\n.fi\n");
        page.append(".SH DESCRIPTION\n");
        for (String paragraph : description) {
            page.append(roff(paragraph)).append("\n.PP\n");
        }
        addArguments(page, spec);
        addSubcommands(page, spec);
        addFooter(page, spec);
        return page.toString();
    }

    private static String synopsis(CommandSpec spec) {
        String synopsis = spec.commandLine().getHelp().synopsis(0).strip();
        return synopsis.lines().map(ManPages::roff).collect(Collectors.joining("\n"));
    }

    private static void addArguments(StringBuilder page, CommandSpec spec) {
        page.append(".SH OPTIONS\n");
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            addItem(page, parameter.paramLabel(), parameter.description());
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                addItem(page, String.join(", ", option.names()) + value, option.description());
            }
        }
    }

    private static void addSubcommands(StringBuilder page, CommandSpec spec) {
        List<CommandSpec> visible = spec.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(sub -> !sub.usageMessage().hidden())
                .toList();
        if (visible.isEmpty()) {
            return;
        }
        page.append(".SH COMMANDS\n");
        visible.forEach(
                sub -> addItem(page, name(sub) + "(1)", sub.usageMessage().description()));
    }

    private static void addItem(StringBuilder page, String term, String[] description) {
        page.append(".TP\n.B ").append(roff(term)).append('\n');
        page.append(roff(String.join(" ", description).replace("%n", " "))).append('\n');
    }

    private static void addFooter(StringBuilder page, CommandSpec spec) {
        String[] footer = spec.usageMessage().footer();
        if (footer.length == 0) {
            return;
        }
        page.append(".SH NOTES\n.nf\n");
        for (String line : footer) {
            page.append(roff(line)).append('\n');
        }
        page.append(".fi\n");
    }

    /** Text with roff's own characters made plain: backslash, minus, and a control character at the line's begin. */
    private static String roff(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("${DEFAULT\\-VALUE}", "text");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
