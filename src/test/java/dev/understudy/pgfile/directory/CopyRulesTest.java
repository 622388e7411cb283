package dev.understudy.pgfile.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CopyRulesTest {
    private static final CopyRules V15 = CopyRules.of(ServerMajor.V15);

    @ParameterizedTest
    @CsvSource({
        "PG_VERSION, COPY",
        "base, COPY",
        "base/5, COPY",
        "base/5/1259, COPY",
        "base/5/t3_16400, SKIP",
        "base/5/t3_16400_fsm.1, SKIP",
        "base/5/pg_internal.init, SKIP",
        "base/5/pg_internal.init.4711, SKIP",
        "base/pgsql_tmp, SKIP",
        "base/pgsql_tmp/pgsql_tmp3.1, SKIP",
        "base/.DS_Store, SKIP",
        "global/pg_control, COPY_LAST",
        "global/pg_filenode.map, COPY",
        "pg_wal, COPY",
        "pg_wal/archive_status, DIRECTORY_ONLY",
        "pg_wal/archive_status/x.done, SKIP",
        "pg_wal/summaries, SKIP",
        "pg_wal/000000010000000000000001, SKIP",
        "pg_replslot, DIRECTORY_ONLY",
        "pg_replslot/understudy, SKIP",
        "pg_replslot/understudy/state, SKIP",
        "pg_stat, COPY",
        "pg_stat/pgstat.stat, COPY",
        "pg_stat_tmp, DIRECTORY_ONLY",
        "pg_subtrans/0000, SKIP",
        "pg_xact/0000, COPY",
        "pg_tblspc/16384, COPY",
        "pg_tblspc/16384/PG_15_202209061, COPY",
        "pg_tblspc/16384/PG_15_202209061/5/16385, COPY",
        "pg_tblspc/16384/PG_14_202107181, SKIP",
        "postmaster.pid, SKIP",
        "postmaster.opts, SKIP",
        "backup_label, SKIP",
        "backup_label.old, SKIP",
        "tablespace_map.old, SKIP",
        "backup_manifest, SKIP",
        "standby.signal, SKIP",
        "recovery.conf, SKIP",
        "postgresql.auto.conf, COPY",
        "postgresql.auto.conf.tmp, SKIP",
        "log/postmaster.pid, COPY",
        "pg_hba.conf, COPY"
    })
    void decidesByName(String path, CopyDecision decision) {
        assertThat(V15.decide(path)).isEqualTo(decision);
    }

    @Test
    void knowsTheNamesOfTheMajor() {
        assertThat(CopyRules.of(ServerMajor.V9_6).decide("pg_xlog/000000010000000000000001"))
                .isEqualTo(CopyDecision.SKIP);
        assertThat(CopyRules.of(ServerMajor.V9_6).emptiedDirectories()).contains("pg_xlog/archive_status");
        assertThat(CopyRules.of(ServerMajor.V17).decide("pg_wal/summaries")).isEqualTo(CopyDecision.DIRECTORY_ONLY);
        assertThat(CopyRules.of(ServerMajor.V9_6).tablespaceVersionDirectory()).isEqualTo("PG_9.6_201608131");
        assertThat(CopyRules.of(ServerMajor.V10).walDirectory()).isEqualTo("pg_wal");
    }

    @Test
    void ofAnUnloggedRelationOnlyTheInitForkIsCopied() {
        Set<RelationFile> unlogged = CopyRules.unloggedRelations(
                List.of("base/5/100", "base/5/100_init", "base/5/100_fsm", "base/5/200", "base/5/notes_init"));

        assertThat(V15.decide("base/5/100", unlogged)).isEqualTo(CopyDecision.SKIP);
        assertThat(V15.decide("base/5/100.3", unlogged)).isEqualTo(CopyDecision.SKIP);
        assertThat(V15.decide("base/5/100_vm", unlogged)).isEqualTo(CopyDecision.SKIP);
        assertThat(V15.decide("base/5/100_init", unlogged)).isEqualTo(CopyDecision.COPY);
        assertThat(V15.decide("base/5/200", unlogged)).isEqualTo(CopyDecision.COPY);
        assertThat(V15.decide("base/6/100", unlogged)).isEqualTo(CopyDecision.COPY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base/5/1259",
                "base/5/1259.12",
                "base/5/1259_fsm",
                "global/1262",
                "base/5/7_init",
                "pg_tblspc/16384/PG_15_202209061/5/16385_vm.1"
            })
    void relationFilesHavePageChecksums(String path) {
        assertThat(CopyRules.hasPageChecksums(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "global/pg_control",
                "base/5/pg_filenode.map",
                "base/5/PG_VERSION",
                "PG_VERSION",
                "base/5/t1_1259",
                "pg_xact/0000",
                "base/5/1259_foo",
                "base/5/1259.0",
                "base/5/01259",
                "base/5/9999999999",
                "base/5/6/1259",
                "pg_multixact/offsets/0000",
                "base/1259",
                "1259"
            })
    void otherFilesDoNot(String path) {
        assertThat(CopyRules.hasPageChecksums(path)).isFalse();
    }

    @Test
    void pagesAreCountedAcrossSegments() {
        RelationFile file = RelationFile.find("base/5/16385_fsm.3").orElseThrow();

        assertThat(file.firstBlock(131072)).isEqualTo(393216);
        assertThat(file.fork()).isEqualTo(Fork.FREE_SPACE_MAP);
        assertThat(file.segment()).isEqualTo(3);
        assertThat(file.fileNode()).hasToString("16385");
        assertThat(file.tablespace()).isEqualTo(RelationFile.DEFAULT_TABLESPACE);
        assertThat(RelationFile.find("base/5/t12_16385").orElseThrow().temporaryBackendNumber())
                .hasValue(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "../x", "base/../../x", "base/.."})
    void aPathOutsideIsRefused(String path) {
        UnderstudyException error = catchThrowableOfType(UnderstudyException.class, () -> V15.decide(path));

        assertThat(error.code()).isEqualTo(ErrorCode.PATH_INVALID);
        assertThat(error.message()).isEqualTo("\"" + path + "\" is not a path inside a data directory");
    }
}
