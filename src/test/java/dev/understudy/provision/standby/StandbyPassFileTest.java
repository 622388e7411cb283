package dev.understudy.provision.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.connect.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the standby finds the password of each server that it may follow. */
final class StandbyPassFileTest {
    private static ReplicationConninfo replication(Endpoint... endpoints) {
        return new ReplicationConninfo(
                Conninfo.parse("host=/run/pg,db1,db2,fe80::1 port=5432,5433,5434,5435 user='r:1'"), List.of(endpoints));
    }

    private static String lines(Endpoint... endpoints) {
        return new String(StandbyPassFile.contents(replication(endpoints)), StandardCharsets.UTF_8);
    }

    @Test
    void everyHostHasItsLineAndASocketTheLastSinceItsFitsAny() {
        assertThat(lines(
                        new Endpoint("/run/pg", "", 5432, "local"),
                        new Endpoint("db1", "", 5433, "one"),
                        new Endpoint("db2", "10.0.0.2", 5434, "t\\w:o"),
                        new Endpoint("fe80::1", "", 5435, "six")))
                .isEqualTo("""
                        db1:5433:*:r\\:1:one
                        db2:5434:*:r\\:1:t\\\\w\\:o
                        fe80\\:\\:1:5435:*:r\\:1:six
                        *:5432:*:r\\:1:local
                        """);
    }

    @Test
    void aHostWithoutPasswordHasNoLine() {
        assertThat(lines(new Endpoint("db1", "", 5433, ""), new Endpoint("db2", "", 5434, "two")))
                .isEqualTo("db2:5434:*:r\\:1:two\n");
        assertThat(replication(new Endpoint("db1", "", 5433, "")).needsPassFile(ServerMajor.V15))
                .isFalse();
    }

    @Test
    void thePasswordStandsInTheFileFrom10OnAndInTheStringBefore() {
        ReplicationConninfo one = new ReplicationConninfo(
                Conninfo.parse("host=db1 user=r"), List.of(new Endpoint("db1", "", 5432, "geheim")));

        assertThat(one.forServer(ServerMajor.V10, "/d/understudy.pgpass"))
                .isEqualTo("host=db1 user=r passfile='/d/understudy.pgpass'");
        assertThat(one.forServer(ServerMajor.V9_6, "/d/understudy.pgpass"))
                .isEqualTo("host=db1 user=r password=geheim");
    }

    @Test
    void severalHostsAreRefusedFor96() {
        ReplicationConninfo two =
                replication(new Endpoint("db1", "", 5433, "one"), new Endpoint("db2", "", 5434, "two"));

        assertThatThrownBy(() -> two.forServer(ServerMajor.V9_6, "/f"))
                .isInstanceOfSatisfying(
                        UnderstudyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNINFO_INVALID))
                .hasMessage("a standby of PostgreSQL 9.6 cannot follow several hosts by one connection string");
    }
}
