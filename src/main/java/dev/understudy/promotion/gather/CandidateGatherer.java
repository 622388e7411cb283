package dev.understudy.promotion.gather;

import dev.understudy.doctor.gather.Looking;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.facts.CandidateFacts;
import dev.understudy.promotion.facts.PrimaryFacts;
import dev.understudy.server.Session;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.hba.HbaFile;
import dev.understudy.server.survey.ObjectSurveyor;
import dev.understudy.server.survey.PrimacySurvey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks the two servers about logins, contents and load. */
final class CandidateGatherer {
    private static final int LIMIT_BYTES = 1 << 20;

    private CandidateGatherer() {}

    /** @param conninfo the standby's connection string, for its other databases */
    static CandidateFacts standby(Known<Session> session, Conninfo conninfo) {
        return new CandidateFacts(
                ask(session, CandidateGatherer::hba),
                ask(session, found -> new PrimacySurvey(found).roles()),
                ask(session, found -> new PrimacySurvey(found).databases()),
                ask(session, found -> ObjectSurveyor.survey(found, conninfo)),
                ask(session, found -> new PrimacySurvey(found).subscriptions()),
                ask(session, found -> new PrimacySurvey(found).availableExtensions()),
                ask(session, found -> new PrimacySurvey(found).mayPromote()));
    }

    static PrimaryFacts primary(Known<Session> session) {
        return new PrimaryFacts(
                ask(session, CandidateGatherer::hba),
                ask(session, found -> new PrimacySurvey(found).load()),
                ask(session, found -> new PrimacySurvey(found).availableExtensions()));
    }

    private static <T> Known<T> ask(Known<Session> session, Function<Session, T> query) {
        return session.flatMap(found -> Looking.at(() -> query.apply(found)));
    }

    private static List<HbaRule> hba(Session session) {
        return session.major().isAtLeast(ServerMajor.V10)
                ? new AccessFacts(session).hbaRules().orElseThrow(CandidateGatherer::forbidden)
                : new PrimacySurvey(session).hbaFile();
    }

    private static RuntimeException forbidden() {
        return UnderstudyException.of(ErrorCode.PRIVILEGE_MISSING, "the role may not execute pg_hba_file_rules()")
                .build();
    }

    /** The rules from the file itself, on the standby's host; for 9.6 whose role may not read it through SQL. */
    static Known<List<HbaRule>> fromHost(Sight sight, String file) {
        return sight.onHost(host -> new HbaFile(name -> {
                    String place = name.startsWith("/") ? name : file.substring(0, file.lastIndexOf('/') + 1) + name;
                    return Optional.of(new String(host.files().read(place, LIMIT_BYTES), StandardCharsets.UTF_8));
                })
                .read(new String(host.files().read(file, LIMIT_BYTES), StandardCharsets.UTF_8)));
    }
}
