package dev.understudy.doctor.rule;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.postgres.WalSegment;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The remedy that always works while the primary does: bring the directory up to it by what differs. */
public final class Reseed {
    public static final String ID = "reseed";

    /** Source: {@code NAMEDATALEN} in {@code pg_config_manual.h}, less the byte that ends a name. */
    private static final int LONGEST = 63;

    private Reseed() {}

    /** The remedy for the directory that was given. */
    public static Remedy remedy(Facts facts) {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("primary", facts.given().primaryOrWord());
        parameters.put("data_directory", facts.given().dataDirectoryOrWord());
        if (!facts.given().host().equals("local")) {
            parameters.put("standby_host", facts.given().host());
        }
        slot(facts).ifPresent(slot -> parameters.put("slot", slot));
        return Remedy.byPlaybook(
                ID,
                "Stop this server and bring its directory up to the primary by what differs; the result is proven",
                "repair-standby",
                parameters,
                Cost.DELTA_COPY);
    }

    /**
     * The slot that the standby uses, so that it is taken over rather than a second one made. One that has lost its WAL
     * cannot be taken over; the standby then gets another.
     */
    private static Optional<String> slot(Facts facts) {
        Optional<String> name = View.slotName(facts);
        boolean unusable = name.flatMap(own -> View.primary(facts).flatMap(view -> view.slot(own)))
                .filter(slot -> !slot.isPhysical() || !keepsWal(slot) || isWalGone(facts, slot))
                .isPresent();
        return unusable
                ? name.map(own -> own.length() > LONGEST - 2 ? own.substring(0, LONGEST - 2) : own)
                        .map(own -> own + "_2")
                : name;
    }

    /** What the slot says of itself is not believed. */
    private static boolean isWalGone(Facts facts, ReplicationSlot slot) {
        return View.primary(facts)
                .flatMap(view -> slot.restartLsn()
                        .map(lsn -> WalSegment.containing(
                                view.identity().timeline(), lsn, view.identity().walSegmentSize()))
                        .flatMap(segment -> view.hasSegment(segment.name())))
                .filter(there -> !there)
                .isPresent();
    }

    private static boolean keepsWal(ReplicationSlot slot) {
        return slot.restartLsn().isPresent()
                && slot.invalidationReason().isEmpty()
                && slot.walStatus().filter("lost"::equals).isEmpty();
    }
}
