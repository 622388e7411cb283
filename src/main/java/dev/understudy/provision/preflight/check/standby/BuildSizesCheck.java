package dev.understudy.provision.preflight.check.standby;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A check that the standby's programs were built for the primary's block, file and WAL page sizes, and run on its kind of machine: a data directory fits no other. */
@CheckInfo(
        id = "build-sizes",
        summary =
                "The standby's programs are built for the primary's page, file and segment sizes and its architecture")
public final class BuildSizesCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .match(
                        primary -> facts.target().match(target -> judge(facts, primary, target), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, TargetFacts target) {
        return target.installation().match(found -> judge(facts, primary, target, found), this::skipped);
    }

    private PreflightResult judge(
            PreflightFacts facts, ServerSurvey primary, TargetFacts target, InstallationFacts found) {
        List<String> differences = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        compare("block_size", primary, found.blockSize(), differences, equal);
        compare("segment_size", primary, found.relationSegmentBlocks(), differences, equal);
        compare("wal_block_size", primary, found.walBlockSize(), differences, equal);
        if (!primary.identity().version().major().isAtLeast(ServerMajor.V11)) {
            compare("wal_segment_size", primary, found.walSegmentBytes(), differences, equal);
        }
        Optional<String> theirs = facts.primaryFiles()
                .flatMap(files -> files.machine().architecture())
                .value();
        Optional<String> ours = target.machine().architecture().value();
        if (theirs.isPresent() && ours.isPresent()) {
            (theirs.equals(ours) ? equal : differences)
                    .add("architecture %s here, %s there".formatted(ours.get(), theirs.get()));
        }
        if (!differences.isEmpty()) {
            PreflightResult result =
                    fail("the standby's programs do not fit the primary's files: %s", differences.get(0));
            for (String difference : differences) {
                result = result.seen(difference, "postgres -C and pg_settings");
            }
            return result.hint("Install a server built with the primary's sizes for the primary's kind of machine.");
        }
        return equal.isEmpty()
                ? skipped("the programs do not tell what they were built for: "
                        + found.blockSize().reason())
                : pass("the standby's programs are built as the primary is: %s", String.join(", ", equal));
    }

    private static void compare(
            String setting, ServerSurvey primary, Known<Long> ours, List<String> differences, List<String> equal) {
        Optional<Long> theirs = primary.settings().number(setting);
        if (theirs.isEmpty() || !ours.isKnown()) {
            return;
        }
        if (ours.is(theirs.get())) {
            equal.add("%s %d".formatted(setting, theirs.get()));
        } else {
            differences.add("%s is %s here and %d at the primary".formatted(setting, ours, theirs.get()));
        }
    }
}
