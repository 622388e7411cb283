package dev.understudy.provision.preflight.facts;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.SystemIdentifier;

/**
 * A database cluster that is in the target directory already.
 *
 * @param major contents of PG_VERSION
 * @param systemIdentifier from its pg_control
 * @param state what its pg_control says it does, in pg_controldata's words
 * @param livePid process id of a server that runs on it; 0 if none does
 * @param stalePid process id that its postmaster.pid names although no such server runs; 0 if there is none
 * @param isStandby whether a signal file or recovery.conf makes it a standby
 */
public record ExistingCluster(
        String major,
        Known<SystemIdentifier> systemIdentifier,
        Known<String> state,
        int livePid,
        int stalePid,
        boolean isStandby) {}
