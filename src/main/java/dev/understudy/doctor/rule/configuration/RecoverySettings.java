package dev.understudy.doctor.rule.configuration;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How settings of recovery are changed: up to 11 they stand in recovery.conf, which is read at start alone; there a line in
 * another file would keep the server from starting. From 12 on they are settings like others.
 */
final class RecoverySettings {
    private RecoverySettings() {}

    /** Whether they are in recovery.conf. */
    static boolean areOwnFile(Facts facts) {
        return View.major(facts)
                .filter(major -> !major.isAtLeast(ServerMajor.V12))
                .isPresent();
    }

    /** A command that takes settings away, wherever they stand, and restarts the standby. */
    static String remove(Facts facts, List<String> names) {
        String directory = facts.given().dataDirectoryOrWord();
        String restart = " && pg_ctl -D " + ShellQuote.quote(directory) + " restart";
        if (areOwnFile(facts)) {
            String expression =
                    names.stream().map(name -> " -e '/^ *" + name + "\\>/d'").collect(Collectors.joining());
            return "sed -i" + expression + " " + ShellQuote.quote(directory + "/recovery.conf") + restart;
        }
        String lines = names.stream().map(name -> "\"" + name + " = ''\"").collect(Collectors.joining(" "));
        return "printf '%s\\n' " + lines + " >> " + ShellQuote.quote(directory + "/postgresql.auto.conf") + restart;
    }
}
