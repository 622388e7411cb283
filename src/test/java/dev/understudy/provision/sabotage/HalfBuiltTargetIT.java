package dev.understudy.provision.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.sabotage.HalfBuiltTarget.Attempt;
import dev.understudy.provision.sabotage.HalfBuiltTarget.Variant;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * At every position of a run's journal until its standby is started, and between, the target as it stands is given to the
 * real server. {@code -Dunderstudy.sabotage=all} does so on every major by every way,
 * {@code =reseed} by that way alone.
 */
final class HalfBuiltTargetIT {
    private static final Pattern CONSISTENT =
            Pattern.compile("consistent recovery state reached at ([0-9A-F]+/[0-9A-F]+)");

    private static final String LABEL_BY_HAND = "START WAL LOCATION: %s (file %s)%nCHECKPOINT LOCATION: %s%n"
            + "BACKUP METHOD: streamed%nBACKUP FROM: %s%nSTART TIME: 2026-01-01 00:00:00 UTC%nLABEL: by hand%n";

    @TempDir
    private Path state;

    static Stream<Arguments> ways() {
        String wanted = System.getProperty("understudy.sabotage", "");
        if (wanted.isEmpty()) {
            return Stream.of(
                    Arguments.of(ServerMajor.V9_6, "slot"),
                    Arguments.of(ServerMajor.V12, "stream"),
                    Arguments.of(ServerMajor.V15, "basebackup"),
                    Arguments.of(ServerMajor.V18, "sql"));
        }
        List<Arguments> all = new ArrayList<>();
        for (ServerMajor major : EmbeddedBinaries.majors()) {
            for (String way : List.of("slot", "stream", "sql", "reseed")) {
                if (wanted.equals("all") || wanted.equals(way)) {
                    all.add(Arguments.of(major, way));
                }
            }
        }
        all.add(Arguments.of(ServerMajor.V15, "basebackup"));
        return all.stream();
    }

    @ParameterizedTest(name = "PostgreSQL {0}, {1}")
    @MethodSource("ways")
    void isNoServerUntilItIsWholeAndThenAStandby(ServerMajor major, String way) throws IOException {
        Path binDirectory = way.equals("basebackup")
                ? Oracles.binDirectory()
                : EmbeddedBinaries.installation(major).resolve("bin");
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(major).start()) {
            primary.execute(
                    "UPDATE pg_database SET datistemplate = false",
                    "DROP DATABASE template0",
                    "DROP DATABASE template1",
                    "CREATE TABLE orders AS SELECT generate_series(1, 1000) AS id");
            Path target = primary.scratch("work").resolve("standby");
            if (way.equals("reseed")) {
                buildBefore(primary, target);
            }
            Snapshots snapshots = new Snapshots(target, primary.scratch("snapshots"));
            RunState run = new RunFixture(state)
                    .changing(snapshots::watching)
                    .prove(playbook(way), parameters(primary, way, binDirectory, target));
            // Its slot is free then for whichever of the snapshots comes up.
            BuiltStandby.of(run, major, target).close();

            Set<Attempt> seen = new HashSet<>();
            if (way.equals("reseed")) {
                // Before the run has changed anything there is what was there: a standby as old as it is.
                Path before = snapshots
                        .taken()
                        .remove(snapshots.taken().keySet().iterator().next());
                assertThat(new HalfBuiltTarget(primary, binDirectory, before)
                                .start(Variant.AS_IT_STANDS, labelByHand(run))
                                .attempt())
                        .isEqualTo(Attempt.STANDBY);
            }
            for (Map.Entry<String, Path> snapshot : snapshots.taken().entrySet()) {
                HalfBuiltTarget half = new HalfBuiltTarget(primary, binDirectory, snapshot.getValue());
                for (Variant variant : Variant.values()) {
                    seen.add(check(half, variant, run, snapshot.getKey()));
                }
            }
            assertThat(snapshots.taken()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(seen).containsExactlyInAnyOrder(Attempt.REFUSED, Attempt.STANDBY);
        }
    }

    private static Attempt check(HalfBuiltTarget half, Variant variant, RunState run, String moment)
            throws IOException {
        HalfBuiltTarget.Result result = half.start(variant, labelByHand(run));
        String what = "%s, %s:%n%s".formatted(moment, variant, result.log());
        boolean whole = half.isRendered()
                && (variant == Variant.AS_IT_STANDS || variant == Variant.WITH_LABEL_AND_SIGNAL_FILE_PUT_IN);
        assertThat(result.attempt()).as(what).isEqualTo(whole ? Attempt.STANDBY : Attempt.REFUSED);
        if (whole) {
            Matcher consistent = CONSISTENT.matcher(result.log());
            assertThat(consistent.find()).as(what).isTrue();
            assertThat(Lsn.parse(consistent.group(1)))
                    .as(what)
                    .isGreaterThanOrEqualTo(run.facts().lsn("stop_lsn"));
        }
        return result.attempt();
    }

    /** What somebody might write who knows where the backup began. */
    private static String labelByHand(RunState run) {
        Lsn start = run.facts().lsn("start_lsn");
        String file = "00000001%08X%08X".formatted(start.bytes() >>> 32, (start.bytes() & 0xFFFF_FFFFL) >>> 24);
        return LABEL_BY_HAND.formatted(start, file, start.plus(0x38), "primary");
    }

    private String playbook(String way) {
        return switch (way) {
            case "basebackup", "reseed" -> way;
            default -> "standby";
        };
    }

    private static Map<String, String> parameters(
            EmbeddedPostgres primary, String way, Path binDirectory, Path target) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("primary", primary.conninfo());
        parameters.put("data_directory", target.toString());
        parameters.put("bin_directory", binDirectory.toString());
        parameters.put("socket_directory", primary.socketDirectory().toString());
        if (!way.equals("basebackup")) {
            parameters.put("primary_host", way.equals("sql") ? "none" : "local");
            parameters.put("via", way.equals("sql") ? "sql" : "local");
            parameters.put("rate_limit", "30MB");
        }
        if (way.equals("stream")) {
            parameters.put("wal", "stream");
        }
        return parameters;
    }

    /** A standby that was stopped, as reseed finds it. */
    private void buildBefore(EmbeddedPostgres primary, Path target) throws IOException {
        Path binDirectory = primary.binDirectory();
        Map<String, String> parameters = parameters(primary, "slot", binDirectory, target);
        parameters.put("slot", "before");
        RunState run = new RunFixture(Files.createDirectory(state.resolve("before"))).prove("standby", parameters);
        BuiltStandby.of(run, primary.major(), target).stop();
        primary.execute("SELECT pg_drop_replication_slot('before')");
    }
}
