package dev.understudy.cli.inspect;

import picocli.CommandLine.Command;

/** The parent of the file readers; it does nothing alone. */
@Command(
        name = "inspect",
        description =
                "Says what a PostgreSQL file holds: pg_control, WAL, backup_label, backup_manifest, history; and what a"
                        + " data directory is, and whether its pages are right.",
        mixinStandardHelpOptions = true,
        subcommands = {
            InspectControlCommand.class,
            InspectDirectoryCommand.class,
            InspectHistoryCommand.class,
            InspectLabelCommand.class,
            InspectManifestCommand.class,
            InspectPagesCommand.class,
            InspectWalCommand.class
        })
public final class InspectCommand {}
