package dev.understudy.promotion.check.surroundings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Oid;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.facts.AroundFacts;
import dev.understudy.promotion.facts.CandidateFacts;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.facts.Given;
import dev.understudy.promotion.facts.PrimaryFacts;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.facts.SettingsFacts;
import dev.understudy.promotion.facts.StreamFacts;
import dev.understudy.promotion.facts.SurroundingsFacts;
import dev.understudy.promotion.facts.WholeFacts;
import dev.understudy.promotion.machine.MachineFacts;
import dev.understudy.promotion.machine.ProcessLimits;
import dev.understudy.promotion.machine.Storage;
import dev.understudy.promotion.machine.Volume;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.tls.CertificateFacts;
import dev.understudy.promotion.tls.TlsFiles;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.surroundings.ClockReading;
import dev.understudy.server.surroundings.DatabaseState;
import dev.understudy.server.surroundings.Databases;
import dev.understudy.server.surroundings.OpenTransactions;
import dev.understudy.server.surroundings.PreparedTransaction;
import dev.understudy.server.surroundings.SequenceState;
import dev.understudy.server.surroundings.SortedIndexes;
import dev.understudy.server.surroundings.Surroundings;
import dev.understudy.server.surroundings.TablespaceState;
import dev.understudy.server.surroundings.TimeZoneDifference;
import dev.understudy.server.surroundings.TransactionAge;
import dev.understudy.server.survey.WalRate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Facts of a sound pair on two machines, of which a test changes what it is about. */
final class Sample {
    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    /** One of the two servers. */
    static final class Server {
        Known<ClockReading> clock = Known.of(new ClockReading(Duration.ZERO, Duration.ofMillis(2)));
        Known<List<TablespaceState>> tablespaces = Known.of(List.of());
        Known<Databases> databases = Known.of(new Databases(List.of(database("app", List.of())), List.of()));
        Known<List<TransactionAge>> ages = Known.of(List.of(new TransactionAge("app", 1000, 10)));
        Known<List<PreparedTransaction>> prepared = Known.of(List.of());
        Known<List<String>> twoPhaseFiles = Known.of(List.of());
        Known<OpenTransactions> transactions = Known.of(new OpenTransactions(List.of(), 0));

        private Surroundings surroundings() {
            return new Surroundings(clock, tablespaces, databases, ages, prepared, twoPhaseFiles, transactions);
        }
    }

    final Server standby = new Server();
    final Server primary = new Server();
    String primaryUnknown = "";
    final Map<String, Setting> settings = new TreeMap<>();
    final Map<String, Setting> primarySettings = new TreeMap<>();
    Known<WalRate> walRate = Known.of(new WalRate(1 << 20, "measured over 2 s"));
    Known<MachineFacts> machine = Known.of(machine("m1", 8, 4, 0, "glibc 2.36", 1024));
    Known<MachineFacts> primaryMachine = Known.of(machine("m2", 8, 4, 0, "glibc 2.36", 1024));
    Known<Storage> storage = Known.of(storage(100, 50));
    Known<TlsFiles> tlsFiles = Known.unknown("ssl is off");
    Known<Optional<CertificateFacts>> served = Known.unknown("ssl is off");
    Known<Optional<CertificateFacts>> primaryServed = Known.unknown("ssl is off");
    Policy policy = Policy.standard();

    Sample() {
        set("max_wal_size", "1024", "MB");
        set("wal_keep_size", "0", "MB");
        set("shared_buffers", "16384", "8kB");
        set("max_connections", "100", "");
        set("max_files_per_process", "1000", "");
        set("ssl", "off", "");
        set("max_prepared_transactions", "10", "");
    }

    /** On both servers. */
    Sample set(String name, String value, String unit) {
        settings.put(name, setting(name, value, unit));
        primarySettings.put(name, setting(name, value, unit));
        return this;
    }

    static Setting setting(String name, String value, String unit) {
        return new Setting(
                name, value, unit, "string", "sighup", "default", "", Optional.empty(), OptionalInt.empty(), false);
    }

    static MachineFacts machine(
            String identity, long memoryGigabytes, double processors, long hugePages, String libc, long openFiles) {
        return new MachineFacts(
                "local",
                Known.of(identity),
                Known.of(memoryGigabytes << 30),
                Known.of(processors),
                Known.of(hugePages),
                Known.of(2L << 20),
                Known.of(libc),
                Known.of(new ProcessLimits(
                        Map.of(ProcessLimits.OPEN_FILES, openFiles, ProcessLimits.PROCESSES, Long.MAX_VALUE))));
    }

    static Storage storage(long totalGigabytes, long freeGigabytes) {
        FileSystemUsage usage = new FileSystemUsage("/srv", "ext4", totalGigabytes << 30, freeGigabytes << 30);
        return new Storage(
                List.of(
                        new Volume("data directory", "/srv/data", Known.of(usage)),
                        new Volume("WAL", "/srv/data/pg_wal", Known.of(usage))),
                List.of(),
                64L << 20);
    }

    static DatabaseState database(String name, List<SortedIndexes> indexes) {
        return new DatabaseState(
                name, List.of(), 0, List.of(), 0, indexes, "same", Optional.empty(), Optional.of("public.old"));
    }

    static DatabaseState sequences(String name, SequenceState... sequences) {
        return new DatabaseState(
                name,
                List.of(),
                0,
                List.of(sequences),
                sequences.length,
                List.of(),
                "same",
                Optional.empty(),
                Optional.empty());
    }

    static SortedIndexes indexes(String collation, String provider, String recorded, String actual) {
        return new SortedIndexes(
                collation,
                provider,
                Optional.of(recorded).filter(text -> !text.isEmpty()),
                Optional.of(actual).filter(text -> !text.isEmpty()),
                2,
                List.of("public.t_a", "public.t_b"));
    }

    static TablespaceState tablespace(boolean there) {
        return new TablespaceState(new Oid(16400), "fast", "/fast", Known.of(there));
    }

    private static <T> Known<T> unseen() {
        return Known.unknown("not looked at");
    }

    private static CandidateFacts nobody() {
        return new CandidateFacts(unseen(), unseen(), unseen(), unseen(), unseen(), unseen(), unseen());
    }

    private PromotionFacts facts() {
        Known<Surroundings> theirs =
                primaryUnknown.isEmpty() ? Known.of(primary.surroundings()) : Known.unknown(primaryUnknown);
        return new PromotionFacts(
                PromotionFacts.VERSION,
                new Given("host=db2", Optional.empty(), "local", Optional.of("/srv/data"), List.of(), Depth.QUICK),
                NOW,
                new Facts(
                        Facts.VERSION,
                        new dev.understudy.doctor.facts.Given(
                                "local",
                                Optional.of("/srv/data"),
                                Optional.empty(),
                                Optional.of("host=db2"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        NOW,
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen()),
                List.of(),
                new WholeFacts(unseen(), unseen(), unseen(), unseen(), unseen()),
                new StreamFacts(unseen(), unseen(), unseen(), unseen(), unseen()),
                new AroundFacts(unseen(), unseen()),
                new SettingsFacts(
                        Known.of(settings),
                        primaryUnknown.isEmpty() ? Known.of(primarySettings) : Known.unknown(primaryUnknown),
                        nobody(),
                        new PrimaryFacts(unseen(), unseen(), unseen()),
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen(),
                        unseen()),
                new SurroundingsFacts(
                        Known.of(standby.surroundings()),
                        theirs,
                        Known.of(new TimeZoneDifference(598, List.of(), List.of(), List.of(), List.of())),
                        walRate,
                        machine,
                        primaryMachine,
                        storage,
                        tlsFiles,
                        served,
                        primaryServed));
    }

    CheckResult examine(PromotionCheck check) {
        return check.examine(facts(), policy);
    }

    /** Holds a check to the whole of what it says. */
    void requireSays(PromotionCheck check, Result result, String summary) {
        CheckResult found = examine(check);
        assertThat(found.result() + ": " + found.summary())
                .as(String.valueOf(found))
                .isEqualTo(result + ": " + summary);
    }
}
