package dev.understudy.promotion.facts;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.FactsMapper;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Known;
import java.time.Instant;
import java.util.List;

/**
 * All that was seen before a promotion. Checks see this and nothing else. What was not seen carries its reason: {@code
 * "no --primary given"}, or {@code "could not …"}. It holds no secret.
 *
 * @param version of this model
 * @param given what there was to look at
 * @param examinedAt when, by the clock of the machine that gathered
 * @param servers standby and primary through SQL, the standby's data directory and its log
 * @param downstreams the standbys that shall follow
 * @param whole for the checks whether the standby is whole
 * @param stream for the checks whether the standby has everything
 * @param around for the checks of what happens around a promotion
 * @param settings for the checks of settings
 * @param surroundings for the checks of host, contents and service
 */
public record PromotionFacts(
        int version,
        Given given,
        Instant examinedAt,
        Facts servers,
        List<Downstream> downstreams,
        WholeFacts whole,
        StreamFacts stream,
        AroundFacts around,
        SettingsFacts settings,
        SurroundingsFacts surroundings) {
    public static final int VERSION = 1;

    public PromotionFacts {
        downstreams = List.copyOf(downstreams);
    }

    public String json() {
        return FactsMapper.write(this);
    }

    /**
     * Reads what {@link #json} gave.
     *
     * @param name how messages call the text
     */
    public static PromotionFacts read(String name, String json) {
        return FactsMapper.read(PromotionFacts.class, name, json, PromotionFacts::version, VERSION, "promotion check");
    }

    /** The standby, or why it could not be asked. */
    public Known<ServerView> standby() {
        return view("the standby", servers.standby());
    }

    /** The primary, or why it could not be asked. */
    public Known<ServerView> primary() {
        return servers.primary().isKnown()
                ? view("the primary", servers.primary())
                : Known.unknown(reason("--primary", servers.primary()));
    }

    /** The standby's data directory, or why it could not be looked at. */
    public Known<DirectoryFacts> directory() {
        return servers.directory().isKnown() ? servers.directory() : Known.unknown(reason("-D", servers.directory()));
    }

    /** The standby's pg_control as the file has it. */
    public Known<ControlFile> control() {
        return directory().flatMap(DirectoryFacts::control);
    }

    static Known<ServerView> view(String who, Known<Attempt> attempt) {
        return attempt.flatMap(found -> found.view()
                .map(Known::of)
                .orElseGet(() -> Known.unknown(found.failure()
                        .map(failure -> who + " could not be asked: " + failure.message())
                        .orElse(who + " could not be asked"))));
    }

    private static String reason(String option, Known<?> fact) {
        return fact.reason().equals(Facts.NOT_GIVEN) ? "no " + option + " given" : fact.reason();
    }
}
