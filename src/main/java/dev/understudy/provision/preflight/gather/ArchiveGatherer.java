package dev.understudy.provision.preflight.gather;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.WalSegment;
import dev.understudy.provision.preflight.facts.ArchiveProbe;
import dev.understudy.server.survey.ServerSurvey;

/** Runs a restore_command on the standby's machine into a temporary directory that is removed again. */
final class ArchiveGatherer {
    /** A history file that no archive can have: timelines do not get that far. */
    private static final String ABSENT = "FFFFFFFE.history";

    private static final String RUN = """
            d=$(mktemp -d) || exit 125
            trap 'rm -rf "$d"' EXIT
            cd "$d" || exit 125
            /bin/sh -c "$1" >&2
            s=$?
            if [ -e "$d/restored" ]; then wc -c < "$d/restored"; fi
            exit $s
            """;

    private final Looks looks;

    ArchiveGatherer(Looks looks) {
        this.looks = looks;
    }

    Known<ArchiveProbe> probe(String command, Known<ServerSurvey> primary) {
        return primary.flatMap(found -> found.wal().archiver())
                .map(archiver -> archiver.lastArchived().orElse(""))
                .flatMap(segment -> WalSegment.isName(segment)
                        ? Looks.known(() -> probe(command, segment))
                        : Known.unknown("the primary has not archived a WAL segment yet that could be asked for"));
    }

    private ArchiveProbe probe(String command, String segment) {
        CommandResult absent = run(command, ABSENT);
        CommandResult present = run(command, segment);
        String size = present.text().strip();
        String error = present.error().strip();
        return new ArchiveProbe(
                segment,
                present.status(),
                size.matches("\\d{1,18}") ? Long.parseLong(size) : -1,
                absent.status(),
                error.substring(Math.max(0, error.length() - 500)));
    }

    private CommandResult run(String command, String file) {
        return looks.run(Command.shell(RUN, expanded(command, file)));
    }

    /** Source: {@code BuildRestoreCommand} in {@code src/common/archive.c}. */
    static String expanded(String command, String file) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < command.length(); i++) {
            char letter = command.charAt(i);
            char next = letter == '%' && i + 1 < command.length() ? command.charAt(i + 1) : ' ';
            switch (next) {
                case 'f' -> text.append(file);
                case 'p' -> text.append("restored");
                case 'r' -> text.append("000000010000000000000001");
                case '%' -> text.append('%');
                default -> {
                    text.append(letter);
                    continue;
                }
            }
            i++;
        }
        return text.toString();
    }
}
