package dev.understudy.promotion.rehearse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cli.console.ExitCode;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rehearsals of standbys, healthy and not, while their primaries are written to. All majors: {@code
 * -Dunderstudy.rehearsal.majors=9.6,10,…}.
 */
final class RehearsalIT {
    @TempDir
    private Path state;

    private static Stream<ServerMajor> majors() {
        return Stream.of(System.getProperty("understudy.rehearsal.majors", "12,15,18")
                        .split(","))
                .map(ServerMajor::parse);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aHealthyStandbyIsGoodAndADamagedOneIsNot(ServerMajor major) throws IOException {
        Path calls = Files.createTempFile("us-tripwire", ".log");
        Account.give(calls);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(major)
                .withChecksums()
                .withSetting("archive_mode", "always")
                .withSetting("archive_command", "pwd >> " + calls);
        try (Pair pair = Pair.of(builder, major, state)) {
            pair.primary().execute("CREATE TABLE item (id serial PRIMARY KEY, name text)");
            pair.primary().execute("INSERT INTO item (name) SELECT md5(i::text) FROM generate_series(1, 3000) i");
            pair.primary().execute("CREATE INDEX item_name ON item (name)");
            pair.flush();

            healthy(pair, calls);
            damaged(pair, major);

            assertThat(Files.readString(calls)).as("who archived").doesNotContain("understudy-rehearsal");
            assertThat(pair.standby().query("SELECT pg_is_in_recovery()")).isEqualTo("t");
            assertThat(pair.standby().query("SELECT count(*) FROM pg_replication_slots"))
                    .isEqualTo("0");
            pair.ledger().requireRunning();
        } finally {
            Files.delete(calls);
        }
    }

    private void healthy(Pair pair, Path calls) throws IOException {
        Path scratch = pair.primary().scratch("scratch");
        Map<String, String> parameters = pair.parameters(scratch);
        parameters.put(
                "probes",
                probe("-- a comment; and more\nSELECT count(*) = 3000 FROM item;\n")
                        .toString());
        RunFixture fixture = new RunFixture(state);
        RunState run = fixture.run("rehearsal", parameters);

        assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.DONE);
        assertThat(ExitCode.of(run).number()).as(fixture.said()).isZero();
        Map<String, Object> rehearsal = run.published().get("rehearsal");
        assertThat(rehearsal).containsEntry("good", true).containsEntry("findings", List.of());
        assertThat(texts(rehearsal, "phases", "name"))
                .containsExactly(
                        "copied", "consistent", "replayed", "promoted", "first-write", "checkpoint", "examined");
        assertThat(((Map<?, ?>) rehearsal.get("standbyLag")).get("mostBytes"))
                .as("lag of the standby, in bytes")
                .isInstanceOf(Number.class)
                .matches(bytes -> ((Number) bytes).longValue() < 64 << 20);
        assertThat(fixture.said())
                .contains(
                        "Rehearsed, nothing wrong.",
                        "timeline 2 forks off timeline 1 at ",
                        "which is where replay ended")
                .contains("nothing of the copy is left");
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
        assertThat(calls).isNotNull();
    }

    /**
     * A flipped byte; entries that the table has and the index has not, and others that the index has and the table has not;
     * a table and a database without a file; a sequence behind its column; a probe that is false, and one that is wrong.
     */
    private void damaged(Pair pair, ServerMajor major) throws IOException {
        pair.primary().execute("CREATE TABLE other (id serial PRIMARY KEY, name text)");
        pair.primary().execute("INSERT INTO other (name) SELECT md5(i::text) FROM generate_series(1, 100) i");
        pair.primary().execute("CREATE INDEX other_name ON other (name)");
        pair.primary()
                .execute("CREATE TABLE ended AS SELECT i AS a, md5(i::text) AS b FROM generate_series(1, 1000) i");
        pair.primary().execute("CREATE UNIQUE INDEX ended_a ON ended (a)");
        // So that an index alone gives its rows, and nobody looks for their pages.
        pair.primary().execute("VACUUM ended");
        pair.primary().execute("CREATE TABLE gone AS SELECT 1 AS a");
        pair.primary().execute("CREATE DATABASE closed");
        pair.flush();
        try (FileChannel channel = FileChannel.open(pair.file("ended"), StandardOpenOption.WRITE)) {
            channel.truncate(8192);
        }
        Files.delete(pair.file("gone"));
        String closed = pair.standby().query("SELECT oid FROM pg_database WHERE datname = 'closed'");
        Files.delete(pair.standby().dataDirectory().resolve("base/" + closed + "/PG_VERSION"));
        Path stale = pair.file("other_name");
        byte[] before = Files.readAllBytes(stale);
        pair.primary().execute("INSERT INTO other VALUES (1000, 'only in the table')");
        pair.flush();
        try (FileChannel channel = FileChannel.open(stale, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(before), 0);
        }
        flip(pair.file("item_name"), 8192 + 5000);

        Path scratch = pair.primary().scratch("scratch");
        Map<String, String> parameters = pair.parameters(scratch);
        parameters.put(
                "probes", probe("SELECT name = 'x' FROM item WHERE id = 7") + "," + probe("SELECT true FROM nowhere"));
        parameters.put("keep", "on-failure");
        RunFixture fixture = new RunFixture(state);
        RunState run = fixture.run("rehearsal", parameters);

        assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.DONE);
        assertThat(ExitCode.of(run).number()).isEqualTo(1);
        Map<String, Object> rehearsal = run.published().get("rehearsal");
        Set<String> expected = new TreeSet<>(Set.of(
                "database-unreadable",
                "page-corrupt",
                "probe-failed",
                "probe-false",
                "relation-cut-short",
                "relation-file-missing",
                "sequence-behind"));
        if (major.isAtLeast(ServerMajor.V11)) {
            expected.add("index-corrupt");
        } else if (major.isAtLeast(ServerMajor.V10)) {
            expected.add("index-corrupt"); // Without heapallindexed amcheck stumbles over the flipped page alone.
        }
        if (major.isAtLeast(ServerMajor.V14)) {
            expected.add("table-corrupt"); // The one without a file.
        }
        assertThat(new TreeSet<>(texts(rehearsal, "findings", "id")))
                .as(fixture.said())
                .isEqualTo(expected);
        if (major.isAtLeast(ServerMajor.V11)) {
            assertThat(texts(rehearsal, "findings", "summary"))
                    .contains(
                            "index \"public.item_name\" of database \"postgres\" is corrupt",
                            "index \"public.other_name\" of database \"postgres\" is corrupt");
        }
        assertThat(texts(rehearsal, "findings", "summary"))
                .anyMatch(text -> text.matches("page 1 of \"base/\\d+/\\d+\" does not match its checksum"))
                .anyMatch(
                        text -> text.matches(
                                "sequence public.other_id_seq of database \"postgres\" gives \\d+ next, and column id of public.other holds 1000 already"));
        assertThat(texts(rehearsal, "findings", "summary"))
                .contains("table \"public.ended\" of database \"postgres\" seems to have lost its end");
        assertThat(fixture.said())
                .contains("Rehearsed, ", " found wrong.", "The copy was kept.", "remove it with: rm -rf -- ");
        assertThat(scratch.resolve("understudy-rehearsal/data/PG_VERSION")).exists();
        assertThat(scratch.resolve("understudy-rehearsal/data/postmaster.pid")).doesNotExist();
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 0x40));
            channel.write(one.rewind(), offset);
        }
    }

    private Path probe(String sql) throws IOException {
        return Files.write(Files.createTempFile(state, "probe", ".sql"), sql.getBytes(UTF_8));
    }

    @SuppressWarnings("unchecked")
    static List<String> texts(Map<String, Object> rehearsal, String list, String name) {
        return ((List<Map<String, Object>>) rehearsal.get(list))
                .stream().map(entry -> entry.get(name).toString()).toList();
    }
}
