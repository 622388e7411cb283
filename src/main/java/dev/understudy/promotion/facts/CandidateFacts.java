package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.hba.LoginRole;
import dev.understudy.server.survey.AvailableExtension;
import dev.understudy.server.survey.ObjectSurvey;
import dev.understudy.server.survey.Subscription;
import java.util.List;
import java.util.Optional;

/**
 * What the standby says of logins, contents and extensions.
 *
 * @param hba the rules of pg_hba.conf
 * @param roles roles that may log in
 * @param databases names of the databases that let anybody in
 * @param objects what its databases hold
 * @param subscriptions its subscriptions
 * @param extensions extensions whose files are on its host
 * @param mayPromote whether the role may call pg_promote(); empty before 12
 */
public record CandidateFacts(
        Known<List<HbaRule>> hba,
        Known<List<LoginRole>> roles,
        Known<List<String>> databases,
        Known<ObjectSurvey> objects,
        Known<List<Subscription>> subscriptions,
        Known<List<AvailableExtension>> extensions,
        Known<Optional<Boolean>> mayPromote) {}
