package dev.understudy.provision.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Facts;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.backup.OwnSlot.Owner;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose a slot is that has the name the run gave its own. */
final class OwnSlotTest {
    private static ReplicationSlot at(String restartLsn) {
        return new ReplicationSlot(
                "understudy",
                "physical",
                "",
                "",
                false,
                false,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(restartLsn).map(Lsn::parse),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "0/300007D, THIS_RUN", // exactly where the run was going to put it
        "0/3000028, SOMEBODY_ELSE", // at the REDO location of the same checkpoint
        "0/5000028, SOMEBODY_ELSE", // at a later one
        ", SOMEBODY_ELSE",
    })
    void aRunKilledBeforeItSawItsSlotKnowsItByItsPlace(String stands, Owner owner) {
        Facts facts = new Facts(Map.of("slot", "understudy", "slot_made", "true", "slot_place", "0/300007D"));

        assertThat(OwnSlot.of(facts, at(stands), false)).isEqualTo(owner);
    }

    @ParameterizedTest
    @CsvSource({
        "0/300007D, false, THIS_RUN",
        "0/3000028, false, THIS_RUN", // the primary crashed and forgot the move
        "0/5000028, false, SOMEBODY_ELSE", // nobody has used the run's own yet
        "0/5000028, true, THIS_RUN", // the standby has
        ", false, THIS_RUN", // invalidated
    })
    void aSlotThatTheRunSawMadeIsItsOwnUntilItStandsWhereItCannot(String stands, boolean used, Owner owner) {
        Facts facts = new Facts(Map.of(
                "slot", "understudy",
                "slot_made", "true",
                "slot_place", "0/300007D",
                "slot_created_at", "0/300007D"));

        assertThat(OwnSlot.of(facts, at(stands), used)).isEqualTo(owner);
    }

    @ParameterizedTest
    @CsvSource({"0/3000028, UNKNOWN", "0/5000028, UNKNOWN"})
    void beforePostgres11AKillInThatMomentLeavesItOpen(String stands, Owner owner) {
        Facts facts = new Facts(Map.of("slot", "understudy", "slot_made", "true", "slot_place", ""));

        assertThat(OwnSlot.of(facts, at(stands), false)).isEqualTo(owner);
    }
}
