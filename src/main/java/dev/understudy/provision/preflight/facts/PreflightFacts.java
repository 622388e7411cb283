package dev.understudy.provision.preflight.facts;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.route.RouteDecision;
import dev.understudy.server.survey.ServerSurvey;
import java.util.List;
import java.util.Optional;

/**
 * All that the preflight found. What could not be gathered is in it with the reason.
 *
 * @param intent what is going to be done
 * @param primary the running primary, or whichever server is the source
 * @param missingPrivileges what the role lacks for the route
 * @param primaryFiles its files by a shell; unknown if no host was given or it cannot be reached
 * @param target the standby's place
 * @param sameMachine whether the primary runs on the standby's machine
 * @param replication whether the standby will be let in
 * @param password the password it will need
 * @param archiveProbe what the restore_command did when asked for a file that the archive should have; empty if the plan
 *     has none
 * @param cloning what matters where somebody else makes the copy
 */
public record PreflightFacts(
        Intent intent,
        Known<ServerSurvey> primary,
        Known<List<PrivilegeFacts>> missingPrivileges,
        Known<PrimaryFilesFacts> primaryFiles,
        Known<TargetFacts> target,
        Known<Boolean> sameMachine,
        Known<ReplicationFacts> replication,
        Known<PasswordFacts> password,
        Optional<Known<ArchiveProbe>> archiveProbe,
        CloneFacts cloning) {
    /** The route that the copy will take. */
    public RouteDecision route() {
        return RouteDecision.of(intent.route(), primaryFiles.map(PrimaryFilesFacts::access));
    }
}
