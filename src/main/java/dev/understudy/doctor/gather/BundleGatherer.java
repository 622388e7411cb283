package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.BundleFacts;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.bundle.BundleDirectory;
import dev.understudy.provision.bundle.BundleStatus;
import dev.understudy.provision.bundle.KeeperState;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at the bundles of backups in two commands, on this machine. */
final class BundleGatherer {
    private BundleGatherer() {}

    static List<BundleFacts> gather(List<Path> directories) {
        return directories.stream().flatMap(BundleGatherer::look).toList();
    }

    private static Stream<BundleFacts> look(Path directory) {
        try {
            return Stream.of(facts(BundleStatus.of(BundleDirectory.of(directory))));
        } catch (UnderstudyException e) {
            // Which cluster's it is cannot be told any more, so it says nothing of the one that is examined.
            return Stream.empty();
        }
    }

    private static BundleFacts facts(BundleStatus status) {
        KeeperState state = status.state();
        return new BundleFacts(
                status.directory().path().toString(),
                status.condition().name().toLowerCase(Locale.ROOT),
                state.beganAt(),
                state.limitAt(),
                status.endedAt(),
                state.backup().systemIdentifier(),
                Optional.of(state.backup().startLsn())
                        .filter(text -> !text.isEmpty())
                        .map(Lsn::parse),
                state.slot().name(),
                status.condition().isBad() && state.mayHaveLeftSlot(),
                state.failure()
                        .map(KeeperState.Failure::message)
                        .orElse(status.condition().isBad() ? "the keeper has died" : ""));
    }
}
