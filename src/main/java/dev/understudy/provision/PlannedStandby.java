package dev.understudy.provision;

import dev.understudy.plan.Arguments;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.plan.StepKinds;
import dev.understudy.provision.control.StartMethod;
import dev.understudy.provision.control.StartMethod.DebianCluster;
import dev.understudy.provision.copy.CopyOptions;
import dev.understudy.provision.copy.KeepOld;
import dev.understudy.provision.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a plan says in one step and another step has to know. */
record PlannedStandby(Plan plan) {
    /** Of a step that the plan may lack. */
    private Optional<Arguments> argumentsOf(String kind) {
        return plan.findStep(kind).map(StepCall::arguments);
    }

    /** How WAL is kept until the standby has it: slot, stream or archive. */
    String walWay() {
        return argumentsOf(StepKinds.RESERVE_WAL)
                .map(arguments -> arguments.text("wal"))
                .orElse("archive");
    }

    /** The slot that the standby streams through. */
    Optional<String> slot() {
        return argumentsOf(StepKinds.RESERVE_WAL)
                .filter(arguments -> arguments.text("wal").equals("slot"))
                .map(arguments -> arguments.text("slot"));
    }

    Optional<String> restoreCommand() {
        return argumentsOf(StepKinds.RENDER_RECOVERY).flatMap(arguments -> arguments.findText("restore_command"));
    }

    /** The connection string that the standby follows the primary with, if it is not worked out from the primary's. */
    Optional<String> replication() {
        return argumentsOf(StepKinds.RENDER_RECOVERY).flatMap(arguments -> arguments.findText("replication"));
    }

    /** Settings of the standby's own. */
    Map<String, String> settings() {
        return argumentsOf(StepKinds.RENDER_RECOVERY)
                .map(arguments -> arguments.pairs("settings"))
                .orElse(Map.of());
    }

    /** Volumes that a hook snapshots. */
    List<String> volumes() {
        return argumentsOf(StepKinds.SNAPSHOT)
                .map(arguments -> arguments.names("volumes"))
                .orElse(List.of());
    }

    Route route() {
        Route other = plan.findStep(StepKinds.SNAPSHOT).isPresent() ? Route.COMMAND : Route.BASEBACKUP;
        return argumentsOf(StepKinds.COPY_DATA_DIRECTORY)
                .map(arguments -> Route.of(arguments.text("via")))
                .orElse(other);
    }

    /** How many copy at the same time. */
    int workers() {
        return argumentsOf(StepKinds.COPY_DATA_DIRECTORY)
                .map(arguments -> arguments.integer("workers"))
                .orElse(1);
    }

    /** Limit of the copy, in bytes a second. */
    Optional<Long> rateLimit() {
        return argumentsOf(StepKinds.COPY_DATA_DIRECTORY).flatMap(arguments -> arguments.findSize("rate_limit"));
    }

    /** Whether the copy goes onto a standby's directory that is there. */
    boolean isOntoExisting() {
        return argumentsOf(StepKinds.COPY_DATA_DIRECTORY)
                .map(arguments -> arguments.text("onto").equals("existing"))
                .orElse(false);
    }

    /** Only for plans with a copy-data-directory. */
    CopyOptions copyOptions() {
        Arguments arguments = argumentsOf(StepKinds.COPY_DATA_DIRECTORY).orElseThrow();
        return new CopyOptions(
                route(),
                workers(),
                rateLimit().orElse(0L),
                isOntoExisting(),
                KeepOld.of(arguments.text("keep_old")),
                walWay().equals("stream"));
    }

    /**
     * The cluster of Debian's that the standby is started as.
     *
     * @param dataDirectory whose last two parts name it
     */
    Optional<DebianCluster> cluster(String dataDirectory) {
        return argumentsOf(StepKinds.START_STANDBY)
                .map(arguments -> StartMethod.parse(arguments.text("start"), dataDirectory))
                .flatMap(StartMethod::cluster);
    }

    /** Whether the proof reads all contents again. */
    boolean isFullDepth() {
        return argumentsOf(StepKinds.PROVE_CONSISTENCY)
                .map(arguments -> arguments.text("depth").equals("full"))
                .orElse(false);
    }
}
