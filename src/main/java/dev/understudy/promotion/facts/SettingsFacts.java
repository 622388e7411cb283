package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import dev.understudy.server.facts.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decides by settings, logins, archive and installed files whether the standby can be a primary.
 *
 * @param standby settings that new sessions of the standby get, by name, secrets masked
 * @param primary the same of the primary
 * @param standbyServer what the standby says of logins, contents and extensions
 * @param primaryServer what the primary says of what the standby is to take over
 * @param archive where the standby would archive to
 * @param libraries files of the libraries that the standby would load
 * @param service what starts its server
 * @param fips whether the standby's host allows only what FIPS 140 does, which leaves MD5 out
 * @param triggerFile whether the file that would promote the standby (up to 15) is there; empty if no setting names one
 */
public record SettingsFacts(
        Known<Map<String, Setting>> standby,
        Known<Map<String, Setting>> primary,
        CandidateFacts standbyServer,
        PrimaryFacts primaryServer,
        Known<ArchiveFacts> archive,
        Known<List<LibraryFile>> libraries,
        Known<ServiceFacts> service,
        Known<Boolean> fips,
        Known<Optional<Boolean>> triggerFile) {}
