package dev.understudy.promotion.check.around;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import java.util.Optional;

/** What pg_rewind needs to make the old primary a standby of the new one. */
public final class OldPrimaryCanRewindCheck implements PromotionCheck {
    private static final String ID = "old-primary-can-rewind";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        Optional<ServerView> primary = facts.primary().value();
        if (primary.isPresent()) {
            Builder result = CheckResult.builder(ID);
            return judge(
                    result,
                    "primary",
                    primary.get().identity().dataChecksums(),
                    primary.get().setting("wal_log_hints").orElse("off").equals("on"),
                    primary.get().setting("full_page_writes").orElse("on").equals("on"));
        }
        // The standby's control file has what the primary had when it told last, by its WAL.
        return CheckResult.of(
                ID,
                facts.control(),
                control -> judge(
                        CheckResult.builder(ID),
                        "pg_control of the standby",
                        control.sizes().dataChecksumVersion() != 0,
                        control.settings().walLogHints(),
                        control.checkpoint().fullPageWrites()));
    }

    private static CheckResult judge(
            Builder result, String source, boolean checksums, boolean hints, boolean fullPages) {
        result.seen(source, "data checksums " + word(checksums))
                .seen(source, "wal_log_hints " + word(hints))
                .seen(source, "full_page_writes " + word(fullPages));
        if (!fullPages) {
            return result.warn(
                    "full_page_writes is off: pg_rewind cannot be used on the old primary",
                    "ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf();");
        }
        return checksums || hints
                ? result.pass("pg_rewind can bring the old primary back")
                : result.warn(
                        "Neither data checksums nor wal_log_hints are on: the old primary can only be seeded anew",
                        "ALTER SYSTEM SET wal_log_hints = on; and restart the primary, before the promotion");
    }

    private static String word(boolean on) {
        return on ? "on" : "off";
    }
}
