package dev.understudy.cli;

import dev.understudy.cli.console.Version;
import picocli.CommandLine.Command;

/** The command without a verb: shows what there is. */
@Command(
        name = "understudy",
        versionProvider = Version.class,
        description = "Builds PostgreSQL standbys and proves them.",
        footer = {
            "",
            "Begin with:",
            "  understudy demo",
            "  understudy plan standby -e primary='host=db1 user=postgres' -e data_directory=/srv/pg/data",
            "",
            "Exit codes:",
            "  0   done, healthy or go",
            "  1   findings, failed checks or no-go",
            "  2   usage, or a playbook that cannot be read",
            "  3   refused before anything was changed",
            "  4   failed, and all that the run made was undone",
            "  5   failed or interrupted, and something is left",
            "  70  a defect in Understudy"
        })
final class RootCommand {}
