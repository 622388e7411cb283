package dev.understudy.doctor;

import dev.understudy.doctor.BrokenPair.With;
import dev.understudy.postgres.ServerMajor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pairs that are well, of every major, with and without slot and archive, idle and under load: nothing is found. */
final class HealthyPairsIT {
    /** Looks taken while the primary is written to. */
    private static final int LOOKS = 3;

    static Stream<ServerMajor> majors() {
        return PairStates.majors(ServerMajor.V10).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void nothingIsFoundOnAHealthyPair(ServerMajor major) throws Exception {
        for (Set<With> with : List.of(EnumSet.allOf(With.class), EnumSet.noneOf(With.class))) {
            try (BrokenPair pair = BrokenPair.start(major, with.toArray(With[]::new))) {
                PairStates.take(pair, List.of(PairState.healthy(with.toString())));
                underLoad(pair);
            }
        }
    }

    /** Each look is taken at once; none is repeated until it is right. */
    private static void underLoad(BrokenPair pair) throws InterruptedException {
        AtomicBoolean enough = new AtomicBoolean();
        Thread load = new Thread(() -> write(pair, enough), "load");
        load.start();
        try {
            for (int i = 0; i < LOOKS; i++) {
                DoctorFixture.requireHealthy(pair.doctor().examine());
            }
        } finally {
            enough.set(true);
            load.join();
        }
    }

    private static void write(BrokenPair pair, AtomicBoolean enough) {
        try (Connection session = pair.primary().connect();
                Statement statement = session.createStatement()) {
            for (int i = 0; !enough.get(); i++) {
                statement.execute("INSERT INTO t SELECT generate_series(1, 2000)");
                if (i % 20 == 19) {
                    pair.switchWal();
                    statement.execute("DELETE FROM t WHERE a > 1");
                    statement.execute("VACUUM t");
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
