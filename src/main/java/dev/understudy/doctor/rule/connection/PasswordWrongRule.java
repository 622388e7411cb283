package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.facts.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A password that the primary does not accept: another one, one that has expired, or one stored in a form that is not asked for. */
public final class PasswordWrongRule implements Rule {
    private static final String ID = "password-wrong";
    private static final String SCRAM = "scram-sha-256";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, "password-wrong")
                .filter(failure -> !failure.isRoleMissing() && !failure.hasNoPassword())
                .map(failure -> List.of(finding(facts, failure)))
                .orElse(List.of());
    }

    private static Finding finding(Facts facts, ReceiverFailure failure) {
        Builder finding = failure.evidence(Finding.error(ID, "standby"));
        String role = ReceiverFailure.quoted(failure.role());
        String summary = "The primary does not accept the standby's password for role \"%s\"".formatted(failure.role());
        Optional<Instant> until =
                failure.roleOnPrimary().flatMap(Role::validUntil).filter(time -> time.isBefore(facts.examinedAt()));
        if (until.isPresent()) {
            return finding.seen(
                            "pg_roles of the primary",
                            "the password of role \"%s\" was valid until %s".formatted(failure.role(), until.get()))
                    .remedy(ReceiverFailure.onPrimary(
                            "correct-password",
                            "Let the password be valid again, or give the role and the standby a new one",
                            "ALTER ROLE %s VALID UNTIL 'infinity';".formatted(role)))
                    .says(summary + ": it has expired");
        }
        return finding.seen(unaccepted(facts, failure))
                .remedy(Remedy.byHand(
                        "correct-password",
                        "Correct the password in primary_conninfo or in the password file of the standby's account",
                        "\\password %s  -- on the primary; then ~/.pgpass on the standby".formatted(role),
                        Cost.SECONDS))
                .says(summary);
    }

    /** A password stored as MD5, where a line asks for SCRAM: the right one does not fit either, until it is set anew. */
    private static Optional<Sign> unaccepted(Facts facts, ReceiverFailure failure) {
        boolean demanded = View.primary(facts)
                .flatMap(primary -> primary.hba().value())
                .filter(rules -> rules.stream().anyMatch(rule -> rule.method().equals(SCRAM)))
                .isPresent();
        return failure.roleOnPrimary()
                .filter(role ->
                        demanded && role.passwordKind().filter("md5"::equals).isPresent())
                .map(role -> new Sign(
                        "pg_authid of the primary",
                        "the password of role \"%s\" is stored as md5, which a line of pg_hba.conf with %s does not accept"
                                .formatted(role.name(), SCRAM)));
    }
}
