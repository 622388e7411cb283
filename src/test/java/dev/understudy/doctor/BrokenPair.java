package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.finding.Remedy;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.fluent.physical.ChainedPhysicalStreamBuilder;

/**
 * A primary and its standby that are broken and mended again and again, so that a broken state costs seconds. The
 * standby tries its primary ten times a second. Whatever a state does to configuration files is taken back by
 * {@link #mend}; what else it does is its own to take back.
 */
final class BrokenPair implements AutoCloseable {
    /** The slot that the standby uses. */
    static final String SLOT = "standby";

    /** The role that the standby logs in as; its password is its name. */
    static final String ROLE = "follower";

    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** What a pair has besides streaming. */
    enum With {
        /** The primary's archive_command copies into a directory that restore_command reads. */
        ARCHIVE,
        /** The standby uses the slot {@link BrokenPair#SLOT}. */
        SLOT
    }

    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;
    private final Set<With> with;
    private final SoundFiles primaryFiles;
    private final List<Connection> held = new ArrayList<>();
    private SoundFiles standbyFiles;
    private @Nullable EmbeddedPostgres cascade;
    private final boolean collecting;
    private boolean primaryRestarted;
    private String slot = SLOT;

    private BrokenPair(EmbeddedPostgres primary, EmbeddedPostgres standby, Set<With> with, boolean collecting) {
        this.primary = primary;
        this.standby = standby;
        this.with = with;
        this.collecting = collecting;
        this.primaryFiles = SoundFiles.of(primary.dataDirectory());
        this.standbyFiles = SoundFiles.of(standby.dataDirectory());
    }

    /** Builds a pair from a cold copy, and waits until it streams. */
    static BrokenPair start(ServerMajor major, With... with) {
        return start(major, Map.of(), with);
    }

    /** @param settings lines of both servers' postgresql.conf */
    static BrokenPair start(ServerMajor major, Map<String, String> settings, With... with) {
        Set<With> parts = with.length == 0 ? EnumSet.noneOf(With.class) : EnumSet.copyOf(Arrays.asList(with));
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.of(major).withSetting("wal_retrieve_retry_interval", "100ms");
        settings.forEach(builder::withSetting);
        EmbeddedPostgres primary = builder.initialize();
        try {
            Path archive = primary.scratch("archive");
            if (parts.contains(With.ARCHIVE)) {
                primary.configure("archive_mode = on", "archive_command = 'cp %p " + archive + "/%f'");
            }
            primary.start();
            primary.execute(
                    "CREATE TABLE t AS SELECT 1 AS a",
                    "CREATE ROLE " + ROLE + " LOGIN REPLICATION PASSWORD '" + ROLE + "'",
                    "CREATE ROLE plain LOGIN PASSWORD 'plain'");
            if (parts.contains(With.SLOT)) {
                primary.execute("SELECT pg_create_physical_replication_slot('" + SLOT + "', true)");
            }
            primary.stop();
            Path clone = Copies.copy(primary, primary.scratch("clones").resolve("clone"));
            primary.start();
            Copies.follow(primary, clone, recovery(parts, archive));
            EmbeddedPostgres standby =
                    EmbeddedPostgres.of(major).onDataDirectory(clone).initialize();
            BrokenPair pair = new BrokenPair(primary, standby, parts, settings.containsKey("logging_collector"));
            pair.set("primary_conninfo = '" + pair.conninfo("") + "'");
            pair.standbyFiles = SoundFiles.of(standby.dataDirectory());
            standby.start();
            pair.awaitStreaming();
            return pair;
        } catch (RuntimeException e) {
            primary.close();
            throw e;
        }
    }

    private static String[] recovery(Set<With> parts, Path archive) {
        return parts.stream()
                .map(part -> switch (part) {
                    case ARCHIVE -> "restore_command = 'cp " + archive + "/%f %p 2>/dev/null'";
                    case SLOT -> "primary_slot_name = '" + SLOT + "'";
                })
                .toArray(String[]::new);
    }

    EmbeddedPostgres primary() {
        return primary;
    }

    EmbeddedPostgres standby() {
        return standby;
    }

    ServerMajor major() {
        return primary.major();
    }

    boolean isAtLeast(ServerMajor major) {
        return major().isAtLeast(major);
    }

    Path archive() {
        return primary.scratch("archive");
    }

    /** The slot that the standby uses, {@link #SLOT} until it was built anew. */
    String slot() {
        return slot;
    }

    /** The doctor with all that there is to look at. */
    DoctorFixture doctor() {
        return doctorOf(standby);
    }

    DoctorFixture doctorOf(EmbeddedPostgres examined) {
        DoctorFixture doctor = DoctorFixture.of(examined).primary(primary);
        if (collecting) {
            doctor.findingLog();
        }
        return with.contains(With.ARCHIVE) ? doctor.archive(archive()) : doctor;
    }

    /** The text with the places and numbers of this pair behind the words that stand for them. */
    String fill(String text) {
        return text.replace("{slot}", slot)
                .replace("{data}", standby.dataDirectory().toString())
                .replace("{primary-data}", primary.dataDirectory().toString())
                .replace("{primary}", primary.conninfo())
                .replace("{port}", Integer.toString(standby.port()))
                .replace("{primary-port}", Integer.toString(primary.port()))
                .replace("{archive}", archive().toString())
                .replace("{method}", isAtLeast(ServerMajor.V14) ? "scram-sha-256" : "md5")
                .replace(
                        "{log}",
                        collecting
                                ? standby.dataDirectory() + "/log/"
                                : standby.logFile().toString())
                .replace("{snapshot}", isAtLeast(ServerMajor.V16) ? "SELECT pg_log_standby_snapshot()" : "CHECKPOINT")
                .replace("{wal}", isAtLeast(ServerMajor.V10) ? "wal" : "xlog");
    }

    // What can be done to the standby

    /**
     * Adds lines to the standby's configuration: up to 11 those of recovery to recovery.conf, others to
     * postgresql.auto.conf.
     */
    void set(String... lines) {
        for (String line : lines) {
            boolean own =
                    line.matches("(?:primary_conninfo|primary_slot_name|recovery_|restore_command|standby_mode).*");
            boolean recoveryConf = own && !isAtLeast(ServerMajor.V12);
            append(standby.dataDirectory().resolve(recoveryConf ? "recovery.conf" : "postgresql.auto.conf"), line);
        }
    }

    /** Restarts the standby with further lines in its configuration, and does not wait for it to answer. */
    void restartWith(String... lines) {
        stopStandby();
        set(lines);
        standby.startWithoutWaiting();
    }

    /** The same where it is not to come up. */
    void failWith(String... lines) {
        stopStandby();
        set(lines);
        startInVain();
    }

    /** Starts the standby, which is not to stay up. */
    void startInVain() {
        try {
            standby.startWithoutWaiting();
        } catch (IllegalStateException e) {
            // What is wanted: pg_ctl says that the server did not come up.
            assertThat(e).hasMessageContaining("pg_ctl start failed");
        }
        Awaitility.await("the standby to give up").atMost(LIMIT).until(() -> !standby.isRunning());
    }

    /** Has the standby connect otherwise: the options given replace its own. */
    void follow(String options) {
        restartWith("primary_conninfo = '" + conninfo(options).replace("'", "''") + "'");
    }

    /** The standby's connection string with some options replaced; one without a value is left out. */
    String conninfo(String options) {
        Map<String, String> values = new TreeMap<>(Map.of(
                "application_name",
                "standby",
                "host",
                primary.host(),
                "password",
                ROLE,
                "port",
                Integer.toString(primary.port()),
                "user",
                ROLE));
        for (String option : options.isEmpty() ? new String[0] : options.split(" ", -1)) {
            String name = option.substring(0, option.indexOf('='));
            values.put(name, option.substring(name.length() + 1));
        }
        return values.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    void stopStandby() {
        if (standby.isRunning()) {
            standby.stop();
        }
    }

    /** Makes a file in the standby's data directory. */
    void write(String name, String text) {
        Path file = standby.dataDirectory().resolve(name);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Account.give(file);
    }

    // What can be done to the primary

    /** Adds lines to the primary's configuration and reloads it. */
    void setOnPrimary(String... lines) {
        for (String line : lines) {
            append(primary.dataDirectory().resolve("postgresql.auto.conf"), line);
        }
        primary.reload();
    }

    /** Gives the primary's pg_hba.conf these lines behind one for the tests, and has the standby connect anew. */
    void admit(String... lines) {
        String[] all = new String[lines.length + 1];
        all[0] = "host all postgres 127.0.0.1/32 trust";
        System.arraycopy(lines, 0, all, 1, lines.length);
        primary.admit(all);
        primary.reload();
        disconnect();
    }

    /** Ends the standby's connection; it comes again if it can. */
    void disconnect() {
        primary.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
    }

    /** Writes on the primary, and goes on to the next WAL segment. */
    void switchWal() {
        primary.execute(
                "INSERT INTO t VALUES (2)",
                isAtLeast(ServerMajor.V10) ? "SELECT pg_switch_wal()" : "SELECT pg_switch_xlog()");
    }

    /** Restarts the primary with further lines in its configuration; {@link #mend} restarts it once more. */
    void restartPrimaryWith(String... lines) {
        for (String line : lines) {
            append(primary.dataDirectory().resolve("postgresql.auto.conf"), line);
        }
        primary.restart();
        primaryRestarted = true;
    }

    /** Opens a session on a server that stays open until {@link #release}. */
    Statement hold(EmbeddedPostgres server) throws SQLException {
        Connection session = server.connect();
        held.add(session);
        return session.createStatement();
    }

    /** Has somebody else stream from the primary under a name, through a slot if one is given, until {@link #release}. */
    void streamAs(String name, String slotName) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("replication", "true");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "9.6");
        properties.setProperty("ApplicationName", name);
        Connection session = DriverManager.getConnection(primary.jdbcUrl(), properties);
        held.add(session);
        ChainedPhysicalStreamBuilder stream = session.unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .physical()
                .withStartPosition(LogSequenceNumber.valueOf(primary.query(
                        isAtLeast(ServerMajor.V10)
                                ? "SELECT pg_current_wal_flush_lsn()"
                                : "SELECT pg_current_xlog_flush_location()")));
        if (!slotName.isEmpty()) {
            stream.withSlotName(slotName);
        }
        stream.start();
    }

    /** A standby of the standby, made and started if there is none yet; it goes with {@link #release}. */
    EmbeddedPostgres cascade() {
        if (cascade == null) {
            stopStandby();
            Path clone = Copies.copy(standby, primary.scratch("clones").resolve("cascade"));
            standby.start();
            Path recovery = clone.resolve(isAtLeast(ServerMajor.V12) ? "postgresql.auto.conf" : "recovery.conf");
            // recovery.conf knows no empty name of a slot.
            without(recovery, "primary_slot_name");
            append(
                    recovery,
                    "primary_conninfo = '" + conninfo("port=" + standby.port() + " application_name=cascade") + "'");
            cascade = EmbeddedPostgres.of(major()).onDataDirectory(clone).initialize();
            cascade.start();
        }
        return cascade;
    }

    /** Has the senders of the standby say nothing for a while, until it has given up another time. */
    void silenceOnce() {
        int before = timeouts();
        String sender = primary.query("SELECT pid FROM pg_stat_replication");
        Account.run(List.of("kill", "-STOP", sender), Map.of());
        try {
            Awaitility.await("a time-out").atMost(LIMIT).until(() -> timeouts() > before);
        } finally {
            Account.run(List.of("kill", "-CONT", sender), Map.of());
        }
        Awaitility.await("the old sender's end")
                .atMost(LIMIT)
                .until(() -> primary.query("SELECT pid FROM pg_stat_replication WHERE pid = " + sender) == null);
        awaitStreaming();
    }

    private int timeouts() {
        return standby.log().split("terminating walreceiver due to timeout", -1).length;
    }

    /** Ends the sessions that are held. */
    void release() throws SQLException {
        for (Connection session : held) {
            session.close();
        }
        held.clear();
        if (cascade != null) {
            cascade.close();
            cascade = null;
        }
    }

    // Back to health

    /** Puts all configuration back, starts what is down, and waits until the pair streams. */
    void mend() {
        mendPrimary();
        if (!standbyFiles.areInPlace()) {
            stopStandby();
            standbyFiles.restore();
        }
        if (!standby.isRunning()) {
            standby.start();
        }
        awaitStreaming();
    }

    /** Makes the standby anew of a cold copy, whatever has become of its directory. */
    void rebuild() {
        stopStandby();
        if (primary.isRunning()) {
            primary.stop();
        }
        copyAgain();
        mend();
    }

    /** Puts the primary's files as they are now into the standby's place; its own configuration is not put back. */
    void copyAgain() {
        try {
            EmbeddedBinaries.deleteTree(standby.dataDirectory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Copies.copy(primary, standby.dataDirectory());
    }

    /** Puts the standby's configuration back, and nothing else. */
    void restoreConfiguration() {
        standbyFiles.restore();
    }

    /** The same of the primary alone. */
    void mendPrimary() {
        if (!primaryFiles.areInPlace()) {
            primaryFiles.restore();
            if (primaryRestarted) {
                primary.restart();
                primaryRestarted = false;
            } else if (primary.isRunning()) {
                primary.reload();
            }
        }
        if (!primary.isRunning()) {
            primary.start();
        }
    }

    /** Runs a remedy's playbook to its proof; afterwards its standby is the pair's. */
    void repair(Remedy remedy, Path state) {
        assertThat(remedy.automatic()).as(remedy.toString()).isTrue();
        Map<String, String> parameters = new HashMap<>(remedy.parameters());
        parameters.put("primary", primary.conninfo());
        if (remedy.playbook().equals("repair-standby")) {
            slot = parameters.getOrDefault("slot", "understudy");
            parameters.put("bin_directory", primary.binDirectory().toString());
            parameters.put("port", Integer.toString(standby.port()));
            parameters.put("socket_directory", standby.socketDirectory().toString());
        }
        new RunFixture(state).prove(remedy.playbook(), parameters);
        // Started by the run, it logs elsewhere.
        standby.restart();
        standbyFiles = SoundFiles.of(standby.dataDirectory());
        awaitStreaming();
    }

    /** Waits until the standby has replayed all that the primary has written. */
    void awaitReplay() {
        boolean named = isAtLeast(ServerMajor.V10);
        String written = primary.query(named ? "SELECT pg_current_wal_lsn()" : "SELECT pg_current_xlog_location()");
        String replayed = named ? "pg_last_wal_replay_lsn()" : "pg_last_xlog_replay_location()";
        Awaitility.await("replay up to " + written)
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> "t".equals(standby.query("SELECT " + replayed + " >= '" + written + "'::pg_lsn")));
    }

    void awaitStreaming() {
        Awaitility.await("streaming")
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(() ->
                        "1".equals(primary.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"))
                                && "streaming".equals(standby.query("SELECT status FROM pg_stat_wal_receiver")));
    }

    private static void without(Path file, String setting) {
        try {
            Files.write(
                    file,
                    Files.readAllLines(file).stream()
                            .filter(line -> !line.startsWith(setting))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, Files.readString(file) + line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
