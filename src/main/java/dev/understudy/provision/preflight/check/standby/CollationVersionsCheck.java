package dev.understudy.provision.preflight.check.standby;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.MachineFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.CollationSurvey;
import dev.understudy.server.survey.ServerSurvey;
import java.util.List;
import java.util.Objects;

/** A check of the libraries that sort text: an index made under another version of them may answer wrongly on the standby. */
@CheckInfo(id = "collation-versions", summary = "The standby's machine sorts text as the primary's indexes expect")
public final class CollationVersionsCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.sameMachine().is(true)) {
            return pass("primary and standby share one machine and its libraries");
        }
        return facts.primary()
                .match(
                        primary ->
                                facts.target().match(target -> judge(facts, primary, target.machine()), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, MachineFacts machine) {
        Known<String> here = machine.glibcVersion();
        if (!here.isKnown()) {
            return skipped("the C library of the standby's machine does not tell its version: " + here.reason());
        }
        List<CollationSurvey> libc = primary.contents().collations().orElse(List.of()).stream()
                .filter(collation -> collation.provider().equals("libc"))
                .filter(collation -> !collation.recorded().isEmpty())
                .toList();
        if (libc.isEmpty()) {
            return compareMachines(facts, here.orElse(""));
        }
        List<CollationSurvey> different = libc.stream()
                .filter(collation -> !here.is(collation.recorded()))
                .toList();
        if (different.isEmpty()) {
            return withIcuNote(
                    primary, pass("the standby's C library is %s, the version that was recorded", here.orElse("")));
        }
        PreflightResult result = warn(
                "the standby's C library is %s, and %s was made under %s: text may sort otherwise",
                here.orElse(""), different.get(0).owner(), different.get(0).recorded());
        for (CollationSurvey each : different.subList(0, Math.min(5, different.size()))) {
            result = result.seen(
                    "%s has version %s".formatted(each.owner(), each.recorded()), "pg_database, pg_collation");
        }
        return withIcuNote(primary, advised(result));
    }

    private PreflightResult compareMachines(PreflightFacts facts, String here) {
        Known<String> there =
                facts.primaryFiles().flatMap(files -> files.machine().glibcVersion());
        if (!there.isKnown()) {
            return skipped(
                    "the primary records no C library version, and its machine cannot be asked: " + there.reason());
        }
        if (Objects.equals(there.orElse(""), here)) {
            return pass("both machines have C library %s", here);
        }
        return advised(warn(
                "the standby's C library is %s, the primary's %s: text may sort otherwise", here, there.orElse("")));
    }

    private static PreflightResult advised(PreflightResult result) {
        return result.hint(
                "Use the primary's operating system release; or expect wrong answers from indexes on text until"
                        + " they are rebuilt after a promotion (REINDEX DATABASE …; ALTER DATABASE … REFRESH COLLATION VERSION;).");
    }

    private static PreflightResult withIcuNote(ServerSurvey primary, PreflightResult result) {
        boolean icu = primary.contents().collations().orElse(List.of()).stream()
                .anyMatch(collation -> collation.provider().equals("icu"));
        return icu
                ? result.seen(
                        "collations of ICU are in use; the standby's ICU version is told by the server only once it runs",
                        "pg_collation")
                : result;
    }
}
