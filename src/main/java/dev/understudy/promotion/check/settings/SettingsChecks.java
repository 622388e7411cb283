package dev.understudy.promotion.check.settings;

import dev.understudy.promotion.check.PromotionCheck;
import java.util.List;

/** The checks of settings, connections, the archive and installed files. In the order in which they are shown. */
public final class SettingsChecks {
    public static final List<PromotionCheck> ALL = List.of(
            new SettingsDifferCheck(),
            new ParametersMinimumCheck(),
            new ReplicationCapacityCheck(),
            new HbaAdmitsCheck(),
            new RolePasswordsCheck(),
            new ArchiveCommandCheck(),
            new ArchiveWritableCheck(),
            new ArchiveTimelineCollisionCheck(),
            new SynchronousNamesCheck(),
            new PreloadLibrariesCheck(),
            new ExtensionFilesCheck(),
            new MinorVersionCheck(),
            new LogicalSlotsCheck(),
            new PublicationsCheck(),
            new SubscriptionsCheck(),
            new ScheduledJobsCheck(),
            new ForeignServersCheck(),
            new LeftoversCheck(),
            new PromotePermissionCheck(),
            new ServiceManagerCheck());

    private SettingsChecks() {}
}
