package dev.understudy.pgfile.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Postgres15;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.directory.RelationFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds page checksums against pg_checksums over a whole cluster. */
final class PageCheckerIT {
    @Test
    void seesThePagesThatPgChecksumsSees() throws IOException {
        try (Postgres15 postgres = Postgres15.create()) {
            postgres.start();
            postgres.sql(
                    "create table t as select g, md5(g::text) m from generate_series(1, 200000) g",
                    "create unlogged table u as select 1 a",
                    "create index on t (m)",
                    "vacuum t");
            String path = postgres.sql("select pg_relation_filepath('t')");
            postgres.stop("fast");
            ControlFile control = ControlFileReader.read(
                    ControlFileReader.bytesOf(postgres.data().resolve(ControlFileReader.PATH)));

            Counts counts = check(postgres.data(), control);
            assertThat(counts.failures).isEmpty();
            String theirs = postgres.program(
                    "pg_checksums", "--check", "-D", postgres.data().toString());
            assertThat(theirs).contains("Files scanned:   " + counts.files + "\n");
            assertThat(theirs).contains("Blocks scanned:  " + counts.blocks + "\n");

            damage(postgres.data().resolve(path), 7 * 8192 + 5000);
            damage(postgres.data().resolve(path), 9 * 8192 + 3);
            assertThat(check(postgres.data(), control).failures).containsExactly(path + " 7", path + " 9");
        }
    }

    private static void damage(Path file, long position) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(position);
            int old = access.read();
            access.seek(position);
            access.write(old ^ 0x10);
        }
    }

    private static final class Counts {
        int files;
        long blocks;
        final List<String> failures = new ArrayList<>();
    }

    private static Counts check(Path data, ControlFile control) throws IOException {
        PageChecker checker = new PageChecker(control.sizes().blockSize());
        Counts counts = new Counts();
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path file : paths.filter(Files::isRegularFile).sorted().toList()) {
                String path = data.relativize(file).toString();
                if (!CopyRules.hasPageChecksums(path)) {
                    continue;
                }
                byte[] bytes = Files.readAllBytes(file);
                int first = RelationFile.find(path)
                        .orElseThrow()
                        .firstBlock(control.sizes().relationSegmentBlocks());
                counts.files++;
                counts.blocks += bytes.length / 8192;
                for (PageFailure failure : checker.check(bytes, 0, bytes.length / 8192, first)) {
                    counts.failures.add(path + " " + failure.blockNumber());
                }
            }
        }
        return counts;
    }
}
