package dev.understudy.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Postgres15;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the text of {@code inspect control} against pg_controldata, line by line. */
final class InspectControlIT {
    @Test
    void saysWhatPgControldataSays() throws IOException {
        try (Postgres15 postgres = Postgres15.create("--wal-segsize=8")) {
            postgres.start("max_prepared_transactions=3", "wal_log_hints=on", "track_commit_timestamp=on");
            postgres.sql("create table t (a int)", "checkpoint");
            assertSame(postgres);
            postgres.stop("immediate");
            assertSame(postgres);
            postgres.start();
            postgres.stop("fast");
            assertSame(postgres);
        }
    }

    private static void assertSame(Postgres15 postgres) {
        String theirs = postgres.program("pg_controldata", "-D", postgres.data().toString());

        assertThat(inspect(postgres.data().resolve("global/pg_control"))).isEqualTo(theirs);
        // Of a whole directory it can say more than pg_controldata.
        assertThat(inspect(postgres.data()))
                .startsWith(theirs)
                .hasLineCount((int) theirs.lines().count() + 1)
                .contains("\nData directory:                       ");
    }

    private static String inspect(Path path) {
        StringWriter out = new StringWriter();
        int exit = InspectMain.commandLine().setOut(new PrintWriter(out)).execute("control", path.toString());
        assertThat(exit).isZero();
        return out.toString();
    }
}
