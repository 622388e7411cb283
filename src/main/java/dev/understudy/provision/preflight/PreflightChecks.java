package dev.understudy.provision.preflight;

import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.access.ConnectionsFreeCheck;
import dev.understudy.provision.preflight.check.access.DirectConnectionCheck;
import dev.understudy.provision.preflight.check.access.PrimaryReachableCheck;
import dev.understudy.provision.preflight.check.access.PrivilegesCheck;
import dev.understudy.provision.preflight.check.access.ReplicationLoginCheck;
import dev.understudy.provision.preflight.check.access.ReplicationPasswordCheck;
import dev.understudy.provision.preflight.check.access.RouteCheck;
import dev.understudy.provision.preflight.check.access.TargetAccountCheck;
import dev.understudy.provision.preflight.check.clone.CloneGuardCheck;
import dev.understudy.provision.preflight.check.clone.VolumesCheck;
import dev.understudy.provision.preflight.check.primary.ClockDifferenceCheck;
import dev.understudy.provision.preflight.check.primary.DataChecksumsCheck;
import dev.understudy.provision.preflight.check.primary.ExclusiveBackupCheck;
import dev.understudy.provision.preflight.check.primary.FileCountCheck;
import dev.understudy.provision.preflight.check.primary.FsyncCheck;
import dev.understudy.provision.preflight.check.primary.FullPageWritesCheck;
import dev.understudy.provision.preflight.check.primary.OtherBackupsCheck;
import dev.understudy.provision.preflight.check.primary.PrimaryLayoutCheck;
import dev.understudy.provision.preflight.check.primary.PrimaryLeftoversCheck;
import dev.understudy.provision.preflight.check.primary.SourceRoleCheck;
import dev.understudy.provision.preflight.check.primary.UnloggedTablesCheck;
import dev.understudy.provision.preflight.check.primary.VersionSupportedCheck;
import dev.understudy.provision.preflight.check.standby.BuildSizesCheck;
import dev.understudy.provision.preflight.check.standby.CollationVersionsCheck;
import dev.understudy.provision.preflight.check.standby.LibrariesCheck;
import dev.understudy.provision.preflight.check.standby.ListenAddressesCheck;
import dev.understudy.provision.preflight.check.standby.MinorVersionCheck;
import dev.understudy.provision.preflight.check.standby.ReferencedFilesCheck;
import dev.understudy.provision.preflight.check.standby.ServerProgramsCheck;
import dev.understudy.provision.preflight.check.standby.StandbyParametersCheck;
import dev.understudy.provision.preflight.check.target.ClusterConfigurationCheck;
import dev.understudy.provision.preflight.check.target.DiskSpaceCheck;
import dev.understudy.provision.preflight.check.target.ExistingStandbyCheck;
import dev.understudy.provision.preflight.check.target.PathsApartCheck;
import dev.understudy.provision.preflight.check.target.PortFreeCheck;
import dev.understudy.provision.preflight.check.target.SocketDirectoryCheck;
import dev.understudy.provision.preflight.check.target.TablespaceTargetsCheck;
import dev.understudy.provision.preflight.check.target.TargetDirectoryCheck;
import dev.understudy.provision.preflight.check.target.WalDirectoryCheck;
import dev.understudy.provision.preflight.check.wal.ArchiveHealthCheck;
import dev.understudy.provision.preflight.check.wal.IdleSlotTimeoutCheck;
import dev.understudy.provision.preflight.check.wal.PrimaryWalSpaceCheck;
import dev.understudy.provision.preflight.check.wal.ReplicationSlotsCheck;
import dev.understudy.provision.preflight.check.wal.RestoreCommandCheck;
import dev.understudy.provision.preflight.check.wal.SlotLimitCheck;
import dev.understudy.provision.preflight.check.wal.SlotNameCheck;
import dev.understudy.provision.preflight.check.wal.WalKeepCheck;
import dev.understudy.provision.preflight.check.wal.WalLevelCheck;
import dev.understudy.provision.preflight.check.wal.WalSendersCheck;
import java.util.List;

/** The catalogue of preflight checks. */
public final class PreflightChecks {
    private static final List<PreflightCheck> ALL = List.of(
            new ArchiveHealthCheck(),
            new BuildSizesCheck(),
            new ClockDifferenceCheck(),
            new CloneGuardCheck(),
            new ClusterConfigurationCheck(),
            new CollationVersionsCheck(),
            new ConnectionsFreeCheck(),
            new DataChecksumsCheck(),
            new DirectConnectionCheck(),
            new DiskSpaceCheck(),
            new ExclusiveBackupCheck(),
            new ExistingStandbyCheck(),
            new FileCountCheck(),
            new FsyncCheck(),
            new FullPageWritesCheck(),
            new IdleSlotTimeoutCheck(),
            new LibrariesCheck(),
            new ListenAddressesCheck(),
            new MinorVersionCheck(),
            new OtherBackupsCheck(),
            new PathsApartCheck(),
            new PortFreeCheck(),
            new PrimaryLayoutCheck(),
            new PrimaryLeftoversCheck(),
            new PrimaryReachableCheck(),
            new PrimaryWalSpaceCheck(),
            new PrivilegesCheck(),
            new ReferencedFilesCheck(),
            new ReplicationLoginCheck(),
            new ReplicationPasswordCheck(),
            new ReplicationSlotsCheck(),
            new RestoreCommandCheck(),
            new RouteCheck(),
            new ServerProgramsCheck(),
            new SlotLimitCheck(),
            new SlotNameCheck(),
            new SocketDirectoryCheck(),
            new SourceRoleCheck(),
            new StandbyParametersCheck(),
            new TablespaceTargetsCheck(),
            new TargetAccountCheck(),
            new TargetDirectoryCheck(),
            new UnloggedTablesCheck(),
            new VersionSupportedCheck(),
            new VolumesCheck(),
            new WalDirectoryCheck(),
            new WalKeepCheck(),
            new WalLevelCheck(),
            new WalSendersCheck());

    private PreflightChecks() {}

    /** Every check, by id. */
    public static List<PreflightCheck> all() {
        return ALL;
    }
}
