package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.postgres.ServerMajor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A row of a table of states: how to break a pair, what the doctor is to find then and what not, and how to mend it. Texts
 * may hold the words of {@link BrokenPair#fill}.
 *
 * <pre>
 * state("role-missing")
 *         .by(pair -> pair.follow("user=nobody_here"))
 *         .evidence("role \"nobody_here\" does not exist")
 *         .remedy("create-role", "CREATE ROLE nobody_here LOGIN REPLICATION;  -- then \\password")
 * </pre>
 */
final class PairState {
    /** Something done to a pair. */
    @FunctionalInterface
    interface Deed {
        void to(BrokenPair pair) throws Exception;
    }

    private static final String NOTHING = "healthy";

    private final String cause;
    private String form = "";
    private ServerMajor since = ServerMajor.OLDEST;
    private ServerMajor until = ServerMajor.NEWEST;
    private Deed deed = pair -> {};
    private Deed mending = BrokenPair::mend;
    private Function<BrokenPair, DoctorFixture> looking = BrokenPair::doctor;
    private Deed afterRepair = BrokenPair::mend;
    private Deed beforeRepair = pair -> {};
    private String repair = "";
    private final TreeSet<String> consequences = new TreeSet<>();
    private final List<String> evidence = new ArrayList<>();
    private final Map<String, String> remedies = new TreeMap<>();
    private final List<String> summaries = new ArrayList<>();

    private PairState(String cause) {
        this.cause = cause;
    }

    /** A state in which the doctor is to name one cause. */
    static PairState state(String cause) {
        return new PairState(cause);
    }

    /** A state in which the doctor is to find nothing. */
    static PairState healthy(String form) {
        return new PairState(NOTHING).form(form);
    }

    /** Tells apart states of one cause. */
    PairState form(String name) {
        form = name;
        return this;
    }

    PairState since(ServerMajor major) {
        since = major;
        return this;
    }

    /** The last major that knows this state. */
    PairState until(ServerMajor major) {
        until = major;
        return this;
    }

    PairState by(Deed breaking) {
        deed = breaking;
        return this;
    }

    /** What takes the state away, instead of {@link BrokenPair#mend}; the pair streams again afterwards. */
    PairState mend(Deed mend) {
        mending = mend;
        return this;
    }

    /** What is taken away besides configuration, before {@link BrokenPair#mend}. */
    PairState thenMend(Deed first) {
        mending = pair -> {
            first.to(pair);
            pair.mend();
        };
        return this;
    }

    /** What mends is the finding's own automatic remedy, which ends with a proof. */
    PairState repairedBy(String remedy) {
        repair = remedy;
        return this;
    }

    /**
     * What mends is the finding's own automatic remedy where all repairs are asked for with {@code
     * -Dunderstudy.doctor.repairs=all}; otherwise it is mended the short way.
     */
    PairState alsoRepairedBy(String remedy) {
        if (System.getProperty("understudy.doctor.repairs", "").equals("all")) {
            repair = remedy;
        }
        return this;
    }

    /** What a remedy leaves behind that somebody has to take away, instead of {@link BrokenPair#mend} alone. */
    PairState afterRepair(Deed first) {
        afterRepair = pair -> {
            first.to(pair);
            pair.mend();
        };
        return this;
    }

    /** What is put right by hand before the remedy, whose preflight would refuse otherwise. */
    PairState firstByHand(Deed deed) {
        beforeRepair = deed;
        return this;
    }

    /** What the doctor is given to look at, if not {@link BrokenPair#doctor}. */
    PairState seenBy(Function<BrokenPair, DoctorFixture> doctor) {
        looking = doctor;
        return this;
    }

    /** Findings that follow from the cause, all of them. */
    PairState followedBy(String... ids) {
        consequences.addAll(List.of(ids));
        return this;
    }

    PairState says(String summary) {
        summaries.add(summary);
        return this;
    }

    /** Something that one of the signs, as {@code source: detail}, holds. */
    PairState evidence(String... fragments) {
        evidence.addAll(List.of(fragments));
        return this;
    }

    /** A way out that the finding offers, with its whole command. */
    PairState remedy(String id, String command) {
        remedies.put(id, command);
        return this;
    }

    String cause() {
        return cause;
    }

    /** What tells it apart from other states of its cause; empty if nothing does. */
    String form() {
        return form;
    }

    boolean isOf(ServerMajor major) {
        return major.isAtLeast(since) && until.isAtLeast(major);
    }

    boolean isHealthy() {
        return cause.equals(NOTHING);
    }

    String repair() {
        return repair;
    }

    void make(BrokenPair pair) throws Exception {
        deed.to(pair);
    }

    void prepareRepair(BrokenPair pair) throws Exception {
        beforeRepair.to(pair);
    }

    void finishRepair(BrokenPair pair) throws Exception {
        afterRepair.to(pair);
    }

    void takeBack(BrokenPair pair) throws Exception {
        mending.to(pair);
    }

    DoctorFixture doctor(BrokenPair pair) {
        return looking.apply(pair);
    }

    /** Asserts that a diagnosis names this state's cause, with all that belongs to it, and nothing else. */
    void require(BrokenPair pair, Diagnosis diagnosis) {
        if (isHealthy()) {
            DoctorFixture.requireHealthy(diagnosis);
            return;
        }
        Finding found = DoctorFixture.requireCause(diagnosis, cause);
        String all = String.valueOf(diagnosis);
        assertThat(new TreeSet<>(diagnosis.consequencesOf(found).stream()
                        .map(Finding::id)
                        .toList()))
                .as("what follows in " + all)
                .isEqualTo(consequences);
        summaries.forEach(summary -> assertThat(found.summary()).isEqualTo(pair.fill(summary)));
        evidence.forEach(fragment -> DoctorFixture.assertEvidence(found)
                .as(all)
                .anySatisfy(line -> assertThat(line).contains(pair.fill(fragment))));
        remedies.forEach((id, command) -> assertThat(found.remedies())
                .filteredOn(remedy -> remedy.id().equals(id))
                .extracting(Remedy::command)
                .as("remedy " + id + " of " + all)
                .containsExactly(pair.fill(command)));
    }

    @Override
    public String toString() {
        return form.isEmpty() ? cause : cause + " (" + form + ")";
    }
}
