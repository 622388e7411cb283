package dev.understudy.doctor.facts;

import dev.understudy.error.ErrorCode;

/** The doctor's facts as JSON and back, see {@link FactsMapper}. */
public final class FactsJson {
    private FactsJson() {}

    public static String write(Facts facts) {
        return FactsMapper.write(facts);
    }

    /**
     * Reads what {@link #write} wrote, by this version of Understudy or another.
     *
     * @param name how messages call the text
     * @throws dev.understudy.error.UnderstudyException {@link ErrorCode#FACTS_INVALID}
     */
    public static Facts read(String name, String json) {
        return FactsMapper.read(Facts.class, name, json, Facts::version, Facts.VERSION, "doctor");
    }
}
