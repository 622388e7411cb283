package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.server.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Runs SQL of the user's on the promoted copy; what each file asks last has to give rows, and true in the first column of
 * each.
 *
 * @param here this machine, which has the files
 */
record SqlProbes(Host here, CopyServer server, Protocol protocol, Duration limit) {
    private static final int MOST_BYTES = 1 << 20;
    private static final Set<String> TRUE = Set.of("t", "true");

    List<Evidence> run(List<String> files) {
        List<Evidence> evidence = new ArrayList<>();
        for (String file : files) {
            protocol.context().checkAlive();
            String sql = new String(here.files().read(file, MOST_BYTES), StandardCharsets.UTF_8);
            try (Session session = server.open()) {
                session.execute(limit, "RESET search_path");
                List<String> answers = session.answerOf(limit, sql);
                if (isTrue(answers)) {
                    evidence.add(protocol.context().evidence("probe \"" + file + "\" gives true", file));
                } else {
                    protocol.found(new Finding(
                            "probe-false",
                            "probe \"%s\" gives %s, not true".formatted(file, describe(answers)),
                            List.of()));
                }
            } catch (UnderstudyException e) {
                if (e.code() == ErrorCode.RUN_INTERRUPTED) {
                    throw e;
                }
                protocol.found(new Finding("probe-failed", "probe \"" + file + "\" could not be run", e.describe()));
            }
        }
        return evidence;
    }

    private static boolean isTrue(List<String> answers) {
        return !answers.isEmpty()
                && answers.stream().allMatch(answer -> TRUE.contains(answer.toLowerCase(Locale.ROOT)));
    }

    private static String describe(List<String> answers) {
        return answers.isEmpty()
                ? "no rows"
                : answers.stream()
                        .filter(answer -> !TRUE.contains(answer.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .map(answer -> answer.isEmpty() ? "null" : "\"" + answer + "\"")
                        .orElse("true");
    }
}
