package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.survey.AvailableExtension;
import dev.understudy.server.survey.LoadInUse;
import java.util.List;

/**
 * What the primary says of what the standby is to take over.
 *
 * @param hba the rules of its pg_hba.conf
 * @param load what is in use of what its settings limit
 * @param extensions extensions whose files are on its host
 */
public record PrimaryFacts(
        Known<List<HbaRule>> hba, Known<LoadInUse> load, Known<List<AvailableExtension>> extensions) {}
