package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Optional;

/** A primary_conninfo that the standby's libpq does not take. */
public final class ConninfoInvalidRule implements Rule {
    private static final String ID = "conninfo-invalid";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ReceiverFailure> failure = ReceiverFailure.find(facts, "conninfo-invalid");
        Optional<String> text = View.setting(facts, "primary_conninfo").filter(value -> !value.isEmpty());
        Optional<String> problem = text.flatMap(value -> problem(facts, value));
        if (failure.isEmpty() && (problem.isEmpty() || View.isStreaming(facts))) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(failure.map(found -> View.sign(facts, found.event())))
                .seen(text.map(value -> new Sign("primary_conninfo", value)))
                .seen(problem.map(value -> new Sign("primary_conninfo", value)))
                .remedy(Remedy.byHand(
                        "correct-conninfo",
                        "Correct the connection string",
                        "ALTER SYSTEM SET primary_conninfo = '…';  -- or postgresql.auto.conf while it is down",
                        Cost.SECONDS))
                .says("The standby's libpq does not take its primary_conninfo"));
    }

    private static Optional<String> problem(Facts facts, String text) {
        Conninfo conninfo;
        try {
            conninfo = Conninfo.parse(text);
        } catch (UnderstudyException e) {
            return Optional.of(e.message());
        }
        Optional<ServerMajor> major = View.major(facts);
        return major.map(known -> conninfo.knownTo(known))
                .filter(known -> !known.equals(conninfo))
                .map(known -> "PostgreSQL %s knows only: %s".formatted(major.get(), known.display()));
    }
}
