package dev.understudy.provision.site;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.util.Optional;

/**
 * Where a server has its files, on its own machine.
 *
 * @param dataDirectory absolute path
 * @param walDirectory absolute path, by the name the major has for it
 * @param configFile absolute path of postgresql.conf
 * @param hbaFile absolute path of pg_hba.conf
 * @param identFile absolute path of pg_ident.conf
 */
public record ServerPaths(
        String dataDirectory, String walDirectory, String configFile, String hbaFile, String identFile) {
    public static ServerPaths of(Session session) {
        ServerFacts facts = new ServerFacts(session);
        String dataDirectory = path(facts, "data_directory");
        return new ServerPaths(
                dataDirectory,
                dataDirectory + "/" + WalDirectory.of(session.major()),
                path(facts, "config_file"),
                path(facts, "hba_file"),
                path(facts, "ident_file"));
    }

    /** The same; empty where the role may not see them, as one with REPLICATION alone may not. */
    public static Optional<ServerPaths> find(Session session) {
        try {
            return Optional.of(of(session));
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.PRIVILEGE_MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String path(ServerFacts facts, String setting) {
        return facts.setting(setting)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.PRIVILEGE_MISSING, "the role may not see the setting \"%s\"", setting)
                        .hint("Grant it pg_read_all_settings, or pg_monitor.")
                        .build());
    }
}
