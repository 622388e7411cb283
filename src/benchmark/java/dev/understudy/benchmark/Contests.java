package dev.understudy.benchmark;

import dev.understudy.benchmark.contest.DeltaCopy;
import dev.understudy.benchmark.contest.FullCopy;
import dev.understudy.benchmark.contest.Growth;
import dev.understudy.benchmark.contest.Overhead;
import dev.understudy.benchmark.contest.PageChecksums;
import dev.understudy.benchmark.contest.Resumed;
import dev.understudy.benchmark.contest.SlowLink;
import dev.understudy.benchmark.contest.WalSummary;
import dev.understudy.benchmark.rival.BarmanCopy;
import dev.understudy.benchmark.rival.PgBackRestCopy;
import dev.understudy.benchmark.rival.PgBackRestDelta;
import dev.understudy.benchmark.rival.PgProbackup;
import dev.understudy.benchmark.rival.RsyncCopy;
import dev.understudy.benchmark.rival.RsyncDelta;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** All contests, in the order in which they are held. */
final class Contests {
    static final Map<String, Function<Yard, Contest>> ALL = all();

    private Contests() {}

    private static Map<String, Function<Yard, Contest>> all() {
        Map<String, Function<Yard, Contest>> contests = new LinkedHashMap<>();
        contests.put("copy-local", FullCopy::local);
        contests.put("copy-ssh", FullCopy::ssh);
        contests.put("copy-sql", FullCopy::sql);
        contests.put("delta-sql-scattered", DeltaCopy::sql);
        contests.put("delta-ssh-runs", DeltaCopy::ssh);
        contests.put("delta-ssh-scattered", DeltaCopy::sshScattered);
        contests.put("link-ssh", yard -> new SlowLink(yard, "ssh"));
        contests.put("link-sql", yard -> new SlowLink(yard, "sql"));
        contests.put("wal-summary", WalSummary::new);
        contests.put("checksums", PageChecksums::new);
        contests.put("overhead", Overhead::new);
        contests.put("resumed-local", yard -> new Resumed(yard, "local"));
        contests.put("resumed-ssh", yard -> new Resumed(yard, "ssh"));
        contests.put("resumed-sql", yard -> new Resumed(yard, "sql"));
        contests.put("resumed-twenty", Resumed::twenty);
        contests.put("growth-size", Growth::size);
        contests.put("growth-files", Growth::files);
        contests.put("growth-workers", Growth::workers);
        contests.put("rival-rsync", RsyncCopy::new);
        contests.put("rival-rsync-delta", RsyncDelta::new);
        contests.put("rival-pgbackrest", PgBackRestCopy::new);
        contests.put("rival-pgbackrest-delta", PgBackRestDelta::new);
        contests.put("rival-barman-rsync", BarmanCopy::rsync);
        contests.put("rival-barman-postgres", BarmanCopy::postgres);
        contests.put("rival-pg_probackup", PgProbackup::new);
        return Collections.unmodifiableMap(contests);
    }
}
