package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.postgres.WalSegment;
import dev.understudy.provision.site.PrimaryIdentity;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.wal.RestoreCommand;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.facts.ServerFacts;
import java.util.List;
import java.util.Optional;

/**
 * Relies on the primary's WAL archive instead of a slot: nothing is reserved, so the archive is put to the test. The
 * newest segment that the primary says it archived must come back through the standby's restore_command, and be that
 * cluster's.
 */
public final class ReserveByArchive implements Step {
    private final Site site;
    private final String restoreCommand;

    public ReserveByArchive(Site site, String restoreCommand) {
        this.site = site;
        this.restoreCommand = restoreCommand;
    }

    @Override
    public String name() {
        return ReserveSlot.NAME;
    }

    @Override
    public Probe probe(StepContext context) {
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).requireSameAs(context.facts());
            MadeSlot.requireOnly(context.facts(), Optional.empty());
            lastArchived(session);
        } catch (UnderstudyException e) {
            return new Probe.Conflicting(e);
        }
        return new Probe.Pending("rely on the WAL archive: fetch its newest segment by restore_command");
    }

    private static WalSegment lastArchived(Session session) {
        ReplicationFacts.Archiver archiver = new ReplicationFacts(session).archiver();
        if (archiver.isFailing()) {
            throw notReliable(
                    "the primary's archiver fails at " + archiver.lastFailed().orElse("?"));
        }
        String name = archiver.lastArchived()
                .map(file -> file.length() > 24 ? file.substring(0, 24) : file)
                .filter(WalSegment::isName)
                .orElseThrow(() -> notReliable("the primary has not archived any WAL yet"));
        return WalSegment.parse(name, new ServerFacts(session).identity().walSegmentSize());
    }

    private static UnderstudyException notReliable(String why) {
        return UnderstudyException.of(ErrorCode.RESTORE_COMMAND_FAILED, "cannot rely on the WAL archive: %s", why)
                .hint("Set archive_mode and archive_command on the primary and switch WAL once, or use a slot.")
                .build();
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).record(context);
        }
        return List.of();
    }

    @Override
    public Verdict verify(StepContext context) {
        try (Session session = site.primary().open()) {
            WalSegment segment = lastArchived(session);
            WalIdentity identity = new RestoreCommand(site.target().host(), restoreCommand).fetchHeader(segment);
            String expected = context.facts().get("system_identifier");
            if (!identity.systemIdentifier().toString().equals(expected)) {
                return new Verdict.Refuted(notReliable("its segment " + segment + " belongs to system identifier "
                        + identity.systemIdentifier() + ", the primary is " + expected));
            }
            return new Verdict.Verified(List.of(context.evidence(
                    "the archive delivers segment %s of system identifier %s".formatted(segment, expected),
                    "restore_command on host " + site.target().host().name())));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return new MadeSlot(site).drop(context);
    }
}
