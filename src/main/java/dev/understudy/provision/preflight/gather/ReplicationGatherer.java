package dev.understudy.provision.preflight.gather;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import dev.understudy.provision.preflight.facts.PasswordFacts;
import dev.understudy.provision.preflight.facts.ReplicationFacts;
import dev.understudy.provision.preflight.facts.ReplicationFacts.How;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.hba.HbaLogin;
import dev.understudy.server.hba.HbaRules;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.server.replication.SystemIdentity;
import dev.understudy.server.survey.ServerSurvey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tries whether the standby will be let in to follow the primary. */
final class ReplicationGatherer {
    /** The password comes on standard input, so that no process list and no file ever holds it. */
    private static final String LOG_IN = """
            IFS= read -r PGPASSWORD && export PGPASSWORD
            [ -n "$PGPASSWORD" ] || unset PGPASSWORD
            exec "$1" -X -w -A -t -c IDENTIFY_SYSTEM "$2"
            """;

    /** Words of the server and of libpq that say that a password was wanted. */
    private static final List<String> PASSWORD_WANTED =
            List.of("no password supplied", "password authentication failed");

    private final Looks target;
    private final Conninfo replication;
    private final Host here;

    ReplicationGatherer(Looks target, Conninfo replication, Host here) {
        this.target = target;
        this.replication = replication;
        this.here = here;
    }

    /** What came of it: first whether it is let in, then what the password has to do with it. */
    record Outcome(Known<ReplicationFacts> login, Known<PasswordFacts> password) {}

    Outcome gather(Known<ServerSurvey> primary, Known<TargetFacts> facts, Known<Boolean> sameMachine) {
        Known<ResolvedConninfo> resolved =
                Looks.known(() -> ResolvedConninfo.of(replication.with("replication", "true")));
        if (!resolved.isKnown()) {
            return new Outcome(Known.unknown(resolved.reason()), Known.unknown(resolved.reason()));
        }
        ResolvedConninfo conninfo = resolved.value().orElseThrow();
        Known<ReplicationFacts> login = isHere(facts) && !isSocketOfAnother(conninfo, facts)
                ? Known.of(fromHere(conninfo, primary, How.LOGIN_FROM_STANDBY))
                : remote(conninfo, primary, facts, sameMachine);
        return new Outcome(login, login.map(found -> password(conninfo, found)));
    }

    /** Whether the standby's machine is this one, by whatever name. */
    private boolean isHere(Known<TargetFacts> facts) {
        if (target.host().isLocal()) {
            return true;
        }
        Known<String> ours =
                new MachineGatherer(new Looks(here, target.limit())).machine().identity();
        return ours.isKnown()
                && facts.flatMap(found -> found.machine().identity()).equals(ours);
    }

    /** Peer authentication goes by the operating system's account: it has to be the standby's, not ours. */
    private boolean isSocketOfAnother(ResolvedConninfo conninfo, Known<TargetFacts> facts) {
        return conninfo.endpoints().get(0).isUnixSocket()
                && target.host().account().uid() != here.account().uid()
                && installationWithPsql(facts).isPresent();
    }

    private static Optional<InstallationFacts> installationWithPsql(Known<TargetFacts> facts) {
        return facts.value()
                .flatMap(found -> found.installation().value())
                .filter(found -> found.programs().contains("psql"));
    }

    private ReplicationFacts fromHere(ResolvedConninfo conninfo, Known<ServerSurvey> primary, How how) {
        String user = conninfo.get("user");
        String address =
                primary.value().map(found -> found.identity().clientAddress()).orElse("");
        try (ReplicationSession session = ReplicationSession.open(replication)) {
            SystemIdentity identity = session.identifySystem();
            String detail = "IDENTIFY_SYSTEM answered system identifier %s, timeline %s"
                    .formatted(identity.systemIdentifier(), identity.timeline());
            return sameCluster(primary, identity)
                    ? new ReplicationFacts(how, true, detail, user, address)
                    : new ReplicationFacts(how, false, detail + ", which is another cluster", user, address);
        } catch (UnderstudyException e) {
            boolean asked = e.code() == ErrorCode.PASSWORD_MISSING || e.code() == ErrorCode.PASSWORD_WRONG;
            String mark = asked ? " (a password is wanted)" : "";
            return new ReplicationFacts(how, false, Looks.reason(e) + mark, user, address);
        }
    }

    private static boolean sameCluster(Known<ServerSurvey> primary, SystemIdentity identity) {
        return primary.value()
                .flatMap(found -> found.identity().systemIdentifier().value())
                .map(identity.systemIdentifier()::equals)
                .orElse(true);
    }

    /** From the standby's own machine where its installation has psql, else by the rules. */
    private Known<ReplicationFacts> remote(
            ResolvedConninfo conninfo,
            Known<ServerSurvey> primary,
            Known<TargetFacts> facts,
            Known<Boolean> sameMachine) {
        Optional<InstallationFacts> installation = installationWithPsql(facts);
        if (installation.isPresent()) {
            return Looks.known(() -> throughPsql(conninfo, installation.get()));
        }
        Optional<List<HbaRule>> rules =
                primary.value().flatMap(found -> found.hbaRules().value());
        Optional<String> address = sameMachine.is(true) && isLoopback(conninfo)
                ? Optional.of("127.0.0.1")
                : facts.value().flatMap(ReplicationGatherer::outward);
        if (rules.isPresent() && address.isPresent()) {
            return Known.of(byRules(conninfo, rules.get(), address.get()));
        }
        ReplicationFacts here = fromHere(conninfo, primary, How.LOGIN_FROM_HERE);
        return here.accepted()
                ? Known.of(here)
                : Known.unknown(
                        "the standby's machine has no psql to try it with, pg_hba_file_rules cannot be read, and"
                                + " from here: " + here.detail());
    }

    private static boolean isLoopback(ResolvedConninfo conninfo) {
        String host = conninfo.endpoints().get(0).host();
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    private ReplicationFacts throughPsql(ResolvedConninfo conninfo, InstallationFacts installation) {
        Conninfo without = conninfo.conninfo()
                .withoutSecrets()
                .without("replication", "passfile", "service", "servicefile")
                .knownTo(installation.version().major())
                .with("replication", "true")
                .with(
                        "connect_timeout",
                        Long.toString(Math.max(2, target.limit().toSeconds() / 2)));
        String password = conninfo.endpoints().get(0).password();
        CommandResult result =
                target.run(Command.shell(LOG_IN, installation.binDirectory() + "/psql", without.keywords())
                        .withInput((password + "\n").getBytes(StandardCharsets.UTF_8)));
        String detail = result.succeeded()
                ? "IDENTIFY_SYSTEM answered " + result.text().strip()
                : result.error().strip().replace('\n', ' ');
        return new ReplicationFacts(
                How.LOGIN_FROM_STANDBY,
                result.succeeded(),
                detail,
                conninfo.get("user"),
                conninfo.endpoints().get(0).isUnixSocket()
                        ? ""
                        : "of host " + target.host().name());
    }

    private static ReplicationFacts byRules(ResolvedConninfo conninfo, List<HbaRule> rules, String address) {
        String user = conninfo.get("user");
        Optional<HbaRule> rule = new HbaRules(rules).deciding(HbaLogin.replication(user, Set.of(user), address));
        String detail = rule.map(found -> "line %d of pg_hba.conf says %s".formatted(found.line(), found.method()))
                .orElse("no line of pg_hba.conf is for database \"replication\", role \"%s\" and address %s"
                        .formatted(user, address));
        return new ReplicationFacts(How.RULES, rule.filter(HbaRules::admits).isPresent(), detail, user, address);
    }

    /** The address with which the machine goes out; with several, the first that is not loopback. */
    private static Optional<String> outward(TargetFacts target) {
        return target.addresses()
                .value()
                .flatMap(addresses -> addresses.stream()
                        .filter(address ->
                                !address.startsWith("127.") && !address.startsWith("fe80") && !address.equals("::1"))
                        .sorted()
                        .findFirst());
    }

    private static PasswordFacts password(ResolvedConninfo conninfo, ReplicationFacts login) {
        boolean available = !conninfo.endpoints().get(0).password().isEmpty();
        boolean demanded = !login.accepted() && wantsPassword(login.detail())
                || login.how() == How.RULES && login.detail().matches(".*says (scram-sha-256|md5|password).*");
        String source = available
                ? "from the connection string, the environment or a password file"
                : login.accepted() && login.how() != How.RULES
                        ? "the log-in worked without one"
                        : "neither connection string nor environment nor password file has one";
        return new PasswordFacts(available, demanded, source);
    }

    private static boolean wantsPassword(String detail) {
        return detail.contains("(a password is wanted)")
                || PASSWORD_WANTED.stream().anyMatch(detail::contains);
    }
}
