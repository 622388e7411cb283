package dev.understudy.provision.guard;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import java.util.Optional;

/**
 * Whether a machine has the clone guard for a data directory.
 *
 * @param record the record of its machine; empty if there is none
 * @param program the installed script that wrote it; empty if it is not there
 * @param service a file of the service manager's that lets the guard speak before a start; empty if none does
 */
public record GuardState(Optional<String> record, Optional<String> program, Optional<String> service) {
    private static final String LOOK = """
            record=$(readlink -e -- "$1")
            [ -n "$record" ] || record=$1
            record=$record.understudy-guard
            [ -f "$record" ] || record=$1.understudy-guard
            [ -f "$record" ] || exit 0
            printf 'record %s\\n' "$record"
            program=$(sed -n 's/^guard //p' "$record" 2>/dev/null | head -n 1)
            [ -n "$program" ] && [ -x "$program" ] || exit 0
            printf 'program %s\\n' "$program"
            grep -l -s -F -e "$program" /etc/systemd/system/*.d/*.conf /etc/systemd/system/*.service /etc/init.d/* \\
                2>/dev/null | head -n 1 | sed 's/^/service /'
            exit 0
            """;

    /** Looks, and changes nothing. */
    public static GuardState look(Host host, String dataDirectory) {
        CommandResult result =
                host.run(Command.shell(LOOK, dataDirectory).asLook()).orThrow();
        return new GuardState(find(result, "record "), find(result, "program "), find(result, "service "));
    }

    private static Optional<String> find(CommandResult result, String prefix) {
        return result.text()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst();
    }

    public boolean isComplete() {
        return record.isPresent() && program.isPresent() && service.isPresent();
    }
}
