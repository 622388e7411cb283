package dev.understudy.doctor.rule;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.BundleFacts;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.WalSegment;
import dev.understudy.server.facts.WalPositions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Short ways through the facts, for rules. */
public final class View {
    private View() {}

    public static Optional<DirectoryFacts> directory(Facts facts) {
        return facts.directory().value();
    }

    public static Optional<ServerView> standby(Facts facts) {
        return facts.standby().value().flatMap(Attempt::view);
    }

    public static Optional<ServerView> primary(Facts facts) {
        return facts.primary().value().flatMap(Attempt::view);
    }

    /** Backups in two commands of the cluster that is examined; of all, if it is not known which that is. */
    public static List<BundleFacts> bundles(Facts facts) {
        Optional<String> cluster = systemIdentifier(facts).map(SystemIdentifier::toString);
        return facts.bundles().orElse(List.of()).stream()
                .filter(bundle -> cluster.isEmpty() || cluster.get().equals(bundle.systemIdentifier()))
                .toList();
    }

    /** The newest event of a kind since the server's last start. */
    public static Optional<LogEvent> event(Facts facts, String id) {
        return facts.log().value().flatMap(log -> log.newest(id));
    }

    /** The newest event of a kind, unless the standby came to stream after it: then it is history. */
    public static Optional<LogEvent> unresolved(Facts facts, String id) {
        return event(facts, id).filter(event -> !isOver(facts, event));
    }

    /** Whether the standby works now in a way that an older message of its log cannot be true of any more. */
    private static boolean isOver(Facts facts, LogEvent event) {
        boolean streamedLater = facts.log()
                .value()
                .filter(log -> log.isFollowedBy(event, "streaming"))
                .isPresent();
        return streamedLater || isStreaming(facts);
    }

    /** Whether the standby is seen to stream: by its own word, or by the primary's. */
    public static boolean isStreaming(Facts facts) {
        boolean receiver = standby(facts)
                .flatMap(view -> view.receiver().value())
                .flatMap(found -> found)
                .filter(found -> found.status().equals("streaming"))
                .isPresent();
        return receiver;
    }

    /** The first of several events that is there and not over. */
    public static Optional<LogEvent> anyUnresolved(Facts facts, String... ids) {
        return Stream.of(ids)
                .map(id -> unresolved(facts, id))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Whether the standby's server does not run, as far as anything tells; false if nothing does. */
    public static boolean isDown(Facts facts) {
        Optional<Boolean> running = directory(facts).flatMap(DirectoryFacts::isRunning);
        return running.map(value -> !value)
                .orElseGet(() -> facts.standby()
                        .value()
                        .filter(found -> found.failedWith(ErrorCode.SERVER_UNREACHABLE))
                        .isPresent());
    }

    /** The newest of several events with which a start failed, if the server is down still. */
    public static Optional<LogEvent> failedStart(Facts facts, String... ids) {
        return isDown(facts)
                ? Stream.of(ids)
                        .map(id -> event(facts, id))
                        .flatMap(Optional::stream)
                        .max(Comparator.comparing(LogEvent::lastLine))
                : Optional.empty();
    }

    /** The cluster's identifier: the directory's, else the standby's, else the primary's. */
    public static Optional<SystemIdentifier> systemIdentifier(Facts facts) {
        return directory(facts)
                .flatMap(found -> found.control().value())
                .map(ControlFile::systemIdentifier)
                .or(() -> standby(facts)
                        .or(() -> primary(facts))
                        .map(view -> view.identity().systemIdentifier()));
    }

    /** The major that the standby is of: its directory's, else the running server's; the primary's is the same. */
    public static Optional<ServerMajor> major(Facts facts) {
        return directory(facts)
                .flatMap(found -> found.major().value())
                .or(() -> standby(facts)
                        .or(() -> primary(facts))
                        .map(view -> view.identity().version().major()));
    }

    /**
     * What the standby calls itself at its primary: as its connection string says, else cluster_name from 12 on, else what
     * receivers are called. Empty if the connection string is not known.
     */
    public static Optional<String> applicationName(Facts facts) {
        return setting(facts, "primary_conninfo").map(text -> {
            try {
                Optional<String> named = Conninfo.parse(text).get("application_name");
                boolean byCluster = major(facts)
                        .filter(major -> major.isAtLeast(ServerMajor.V12))
                        .isPresent();
                return named.or(() -> byCluster ? setting(facts, "cluster_name") : Optional.empty())
                        .filter(name -> !name.isEmpty())
                        .orElse("walreceiver");
            } catch (UnderstudyException e) {
                // That it cannot be read is a finding of its own.
                return "";
            }
        });
    }

    /** The segment that the standby asks its primary for when it connects: where its replay is, else what pg_control says. */
    public static Optional<WalSegment> neededSegment(Facts facts) {
        Optional<Lsn> end = standby(facts)
                .flatMap(view -> view.positions().value())
                .flatMap(WalPositions::replayed)
                .or(() -> directory(facts)
                        .flatMap(found -> found.control().value())
                        .map(ControlFile::minRecoveryPoint)
                        .filter(lsn -> !lsn.isInvalid()));
        return primary(facts)
                .flatMap(primary -> end.map(lsn -> WalSegment.containing(
                        primary.identity().timeline(), lsn, primary.identity().walSegmentSize())));
    }

    /** An event as evidence. */
    public static Sign sign(Facts facts, LogEvent event) {
        String file = facts.log().value().map(log -> log.files().get(0)).orElse("log");
        return new Sign(file, event.describe());
    }

    /** What the standby follows its primary with: the running server's word, else its files'. */
    public static Optional<String> setting(Facts facts, String name) {
        return standby(facts)
                .flatMap(view -> view.setting(name))
                .or(() -> directory(facts).flatMap(found -> found.setting(name)).map(setting -> setting.value()));
    }

    /** The slot that the standby uses: what was asked about, else primary_slot_name. */
    public static Optional<String> slotName(Facts facts) {
        return facts.given()
                .slot()
                .or(() -> setting(facts, "primary_slot_name"))
                .filter(name -> !name.isEmpty());
    }
}
