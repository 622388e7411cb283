package dev.understudy.doctor.rule.server;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.survey.VacuumSurvey.DeadRows;
import dev.understudy.server.survey.VacuumSurvey.Kind;
import dev.understudy.server.survey.VacuumSurvey.XminHolder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A standby whose hot_standby_feedback keeps the primary from removing dead rows. */
public final class FeedbackBloatRule implements Rule {
    private static final String ID = "hot-standby-feedback-bloat";

    /** Transactions behind which dead rows are kept on most primaries for minutes at the least. */
    private static final long MANY = 1_000_000;

    /** Enough where nobody will ever let go, or where it is seen what it costs. */
    private static final long SOME = 100_000;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ServerView> primary = View.primary(facts);
        List<XminHolder> holders =
                primary.flatMap(view -> view.xminHolders().value()).orElse(List.of());
        long own = holders.stream()
                .filter(holder -> !holder.kind().isOfStandby())
                .mapToLong(XminHolder::age)
                .max()
                .orElse(0);
        return holders.stream()
                .filter(holder -> holder.kind().isOfStandby() && holder.age() > own)
                .filter(holder -> !isInvalidated(primary.orElseThrow(), holder))
                .filter(holder -> isTooOld(holder, deadRows(facts)))
                .limit(1)
                .map(holder -> finding(facts, holder))
                .toList();
    }

    private static boolean isTooOld(XminHolder holder, List<DeadRows> tables) {
        boolean nobody = holder.kind() == Kind.SLOT && holder.pid().isEmpty();
        boolean bloated = tables.stream().anyMatch(table -> table.dead() >= SOME && table.dead() > table.live());
        return holder.age() >= (nobody || bloated ? SOME : MANY);
    }

    /** Whose xmin holds nothing back any more. */
    private static boolean isInvalidated(ServerView primary, XminHolder holder) {
        return holder.kind() == Kind.SLOT
                && primary.slot(holder.name())
                        .filter(FeedbackBloatRule::isInvalidated)
                        .isPresent();
    }

    private static boolean isInvalidated(ReplicationSlot slot) {
        return slot.walStatus().filter("lost"::equals).isPresent()
                || slot.invalidationReason().isPresent();
    }

    private static List<DeadRows> deadRows(Facts facts) {
        return View.primary(facts).flatMap(view -> view.deadRows().value()).orElse(List.of());
    }

    private static Finding finding(Facts facts, XminHolder holder) {
        boolean slot = holder.kind() == Kind.SLOT;
        String name = "\"" + holder.name() + "\"";
        Builder finding = Finding.warning(ID, slot ? "slot " + name : "primary")
                .seen(
                        slot ? "pg_replication_slots of the primary" : "pg_stat_replication of the primary",
                        "%s: %s %s, %s transactions ago%s"
                                .formatted(
                                        name,
                                        slot ? "xmin" : "backend_xmin",
                                        holder.xmin(),
                                        count(holder.age()),
                                        slot && holder.pid().isEmpty() ? "; nobody uses it" : ""));
        deadRows(facts)
                .forEach(table -> finding.seen(
                        "pg_stat_all_tables of the primary",
                        "%s: %s dead rows beside %s live ones, %s"
                                .formatted(
                                        table.name(),
                                        count(table.dead()),
                                        count(table.live()),
                                        table.vacuumed()
                                                .map(time -> "last vacuumed at " + time)
                                                .orElse("never vacuumed"))));
        if (slot && holder.pid().isEmpty()) {
            return ofNobody(finding, holder);
        }
        Optional<XminHolder> behind = onStandby(facts, holder);
        finding.seen(behind.map(found -> new Sign("pg_stat_activity of the standby", describe(found))));
        View.setting(facts, "hot_standby_feedback")
                .ifPresent(value -> finding.seen("hot_standby_feedback of the standby", value));
        return finding.remedy(endTransaction(behind))
                .remedy(Remedy.byHand(
                        "end-feedback",
                        "Stop telling the primary of the standby's queries; replay may cancel them then",
                        "ALTER SYSTEM SET hot_standby_feedback = off; SELECT pg_reload_conf();  -- on the standby",
                        Cost.SECONDS))
                .says("The primary keeps rows that died in the last %s transactions, for queries on standby %s"
                        .formatted(count(holder.age()), name));
    }

    private static Finding ofNobody(Builder finding, XminHolder holder) {
        String name = holder.name().replace("'", "''");
        return finding.remedy(Remedy.byHand(
                        "start-its-user",
                        "Start what uses the slot, whose feedback moves its xmin on",
                        "pg_ctl start, on the standby that has primary_slot_name = '%s'".formatted(name),
                        Cost.SECONDS))
                .remedy(Remedy.byHand(
                                "drop-slot",
                                "If nothing needs it any more, drop it",
                                "SELECT pg_drop_replication_slot('%s');".formatted(name),
                                Cost.SECONDS)
                        .losingData())
                .says("The primary keeps rows that died in the last %s transactions, for slot \"%s\", which nobody uses"
                        .formatted(count(holder.age()), holder.name()));
    }

    /** What the standby itself has that is as old; a standby of the standby may be behind it. */
    private static Optional<XminHolder> onStandby(Facts facts, XminHolder holder) {
        boolean its = holder.kind() == Kind.SLOT
                ? View.slotName(facts).filter(holder.name()::equals).isPresent()
                : View.applicationName(facts).filter(holder.name()::equals).isPresent();
        return View.standby(facts)
                .filter(view -> its)
                .flatMap(view -> view.xminHolders().value())
                .flatMap(all -> all.stream().findFirst())
                .filter(oldest -> oldest.age() >= holder.age() / 2);
    }

    private static Remedy endTransaction(Optional<XminHolder> behind) {
        String command = behind.filter(found -> found.kind() == Kind.SESSION)
                .flatMap(found -> found.pid().stream().boxed().findFirst())
                .map("SELECT pg_terminate_backend(%d);  -- on the standby"::formatted)
                .orElse("SELECT pid, usename, xact_start FROM pg_stat_activity WHERE backend_xmin IS NOT NULL ORDER BY"
                        + " age(backend_xmin) DESC;  -- on the standby");
        return Remedy.byHand(
                "end-old-transaction",
                "End the oldest transaction on the standby, if it may end",
                command,
                Cost.SECONDS);
    }

    private static String describe(XminHolder holder) {
        return "%s \"%s\"%s%s, %s transactions ago"
                .formatted(
                        switch (holder.kind()) {
                            case SENDER -> "its own standby";
                            case SLOT -> "slot";
                            case SESSION -> "session of role";
                            case PREPARED -> "prepared transaction";
                        },
                        holder.name(),
                        holder.pid().stream()
                                .mapToObj(" (pid %d)"::formatted)
                                .findFirst()
                                .orElse(""),
                        holder.since()
                                .map(time -> ", transaction since " + time)
                                .orElse(""),
                        count(holder.age()));
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
