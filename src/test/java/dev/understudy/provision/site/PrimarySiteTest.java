package dev.understudy.provision.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Conninfo;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PrimarySiteTest {
    private static final PrimarySite PRIMARY = new PrimarySite(
            Conninfo.parse("host=db1,db2 port=5433 user=builder password=geheim target_session_attrs=primary"),
            Optional.empty());

    @Test
    void withoutAPlansWordTheStandbyFollowsAsTheRunConnects() {
        assertThat(replication(Optional.empty()))
                .isEqualTo("host='db1,db2' port=5433 user=builder password=geheim application_name=standby_1");
    }

    @Test
    void whatThePlanLeavesOpenIsThePrimarys() {
        assertThat(replication(Optional.of("user=replicator sslmode=require")))
                .isEqualTo("user=replicator sslmode=require host='db1,db2' port=5433 application_name=standby_1");
        assertThat(replication(Optional.of("host=db1.internal")))
                .isEqualTo("host=db1.internal user=builder password=geheim application_name=standby_1");
    }

    @Test
    void aServiceSaysAllOfIt() {
        assertThat(replication(Optional.of("service=primary"))).isEqualTo("service=primary application_name=standby_1");
    }

    private static String replication(Optional<String> given) {
        return PRIMARY.replication(given, "standby_1").keywords();
    }
}
