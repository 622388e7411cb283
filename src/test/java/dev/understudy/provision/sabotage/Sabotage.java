package dev.understudy.provision.sabotage;

import dev.understudy.error.ErrorCode;
import dev.understudy.postgres.ServerMajor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of the sabotage matrix: what is done to a run, where, and how the run must end.
 *
 * @param name what is wrong, as the test report shows it
 * @param parameters of the playbook besides the usual
 * @param hits what is done and when
 * @param oldest first major that it can happen on
 * @param newest last one
 * @param ending how the run has to end
 */
record Sabotage(
        String name,
        Map<String, String> parameters,
        List<Hit> hits,
        ServerMajor oldest,
        ServerMajor newest,
        Ending ending) {

    /** When a step is hit. */
    enum When {
        /** It has looked and is about to act. */
        BEFORE,
        /** It has acted, and is about to prove what it did. */
        APPLIED,
        /** It has proved what it did. */
        AFTER
    }

    /** One tampering with a step; done at its first attempt only. */
    record Hit(When when, String step, Tampering tampering) {}

    /**
     * How the run ends.
     *
     * @param code empty if it is to end proven
     * @param words that the error must say
     * @param check of a standby that was proven
     */
    record Ending(Optional<ErrorCode> code, List<String> words, Tampering check) {}

    /** Begins a row. */
    static Builder of(String name) {
        return new Builder(name);
    }

    boolean isHarmless() {
        return ending.code().isEmpty();
    }

    boolean happensOn(ServerMajor major) {
        return major.isAtLeast(oldest) && newest.isAtLeast(major);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Collects a row. */
    static final class Builder {
        private final String name;
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private final List<Hit> hits = new ArrayList<>();
        private ServerMajor oldest = ServerMajor.OLDEST;
        private ServerMajor newest = ServerMajor.NEWEST;

        private Builder(String name) {
            this.name = name;
        }

        Builder before(String step, Tampering tampering) {
            hits.add(new Hit(When.BEFORE, step, tampering));
            return this;
        }

        Builder applied(String step, Tampering tampering) {
            hits.add(new Hit(When.APPLIED, step, tampering));
            return this;
        }

        Builder after(String step, Tampering tampering) {
            hits.add(new Hit(When.AFTER, step, tampering));
            return this;
        }

        Builder with(String parameter, String value) {
            parameters.put(parameter, value);
            return this;
        }

        /** Reading everything: nothing less can find it. */
        Builder readingAll() {
            return with("depth", "full");
        }

        Builder from(ServerMajor major) {
            oldest = major;
            return this;
        }

        Builder upTo(ServerMajor major) {
            newest = major;
            return this;
        }

        /** The run must end with this error, and say these words in it. */
        Sabotage fails(ErrorCode code, String... words) {
            return row(new Ending(Optional.of(code), List.of(words), scene -> {}));
        }

        /** The run must end with a proven standby that passes a look past the code under test. */
        Sabotage isHarmless(Tampering check) {
            return row(new Ending(Optional.empty(), List.of(), check));
        }

        private Sabotage row(Ending ending) {
            return new Sabotage(name, Map.copyOf(parameters), List.copyOf(hits), oldest, newest, ending);
        }
    }

    /** All rows. */
    static List<Sabotage> all() {
        List<Sabotage> all = new ArrayList<>();
        List.of(
                        LabelSabotage.rows(),
                        BackupSabotage.rows(),
                        FileSabotage.rows(),
                        ContentSabotage.rows(),
                        ControlFileSabotage.rows(),
                        TablespaceSabotage.rows(),
                        WalSabotage.rows(),
                        RunningSabotage.rows(),
                        HarmlessOddities.rows())
                .forEach((Collection<Sabotage> rows) -> all.addAll(rows));
        return all;
    }
}
