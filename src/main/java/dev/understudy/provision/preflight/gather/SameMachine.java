package dev.understudy.provision.preflight.gather;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.facts.MachineFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.Set;

/** Tells whether the primary runs on the standby's machine; where it is not certain, errs towards yes. */
final class SameMachine {
    private SameMachine() {}

    /**
     * Tells.
     *
     * @param targetIsHere whether the standby's machine is this one
     * @param addresses the standby's machine's own
     */
    static Known<Boolean> tell(
            Known<ServerSurvey> primary,
            Known<PrimaryFilesFacts> files,
            Known<MachineFacts> target,
            boolean targetIsHere,
            Known<Set<String>> addresses) {
        Known<String> theirs = files.flatMap(found -> found.machine().identity());
        Known<String> ours = target.flatMap(MachineFacts::identity);
        if (theirs.isKnown() && ours.isKnown()) {
            return theirs.map(identity -> ours.is(identity));
        }
        return primary.flatMap(found -> byAddress(found, targetIsHere, addresses));
    }

    private static Known<Boolean> byAddress(ServerSurvey primary, boolean targetIsHere, Known<Set<String>> addresses) {
        String address = primary.identity().serverAddress();
        boolean loopback = address.isEmpty() || address.startsWith("127.") || address.equals("::1");
        if (loopback) {
            // The primary is on this machine, or a tunnel leads to it.
            return targetIsHere
                    ? Known.of(true)
                    : Known.unknown("the primary is reached over loopback, and the standby's machine is another one");
        }
        return addresses.map(own -> own.contains(address));
    }
}
