package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.provision.standby.StandbyPort;
import java.time.Duration;
import java.util.Optional;

/** Dumps a database's definitions with the standby's own {@code pg_dump}, which reads all of the catalogs, to nowhere. */
record SchemaDump(CopyServer server, Protocol protocol, Duration limit) {
    Optional<Evidence> dump(String database) {
        String program = server.programs().program("pg_dump");
        Host host = server.site().target().host();
        if (!host.run(Command.shell("[ -x \"$1\" ]", program)).succeeded()) {
            protocol.notExamined("the definitions by pg_dump", "there is no program \"" + program + "\"");
            return Optional.empty();
        }
        CommandResult result = host.run(Command.of(
                        "env",
                        "-u",
                        "PGHOSTADDR",
                        "-u",
                        "PGOPTIONS",
                        "-u",
                        "PGSERVICE",
                        program,
                        "--schema-only",
                        "--no-password",
                        "--host",
                        new Home(server.site().target()).socket(),
                        "--port",
                        protocol.context().facts().get(StandbyPort.PORT),
                        "--username",
                        CopyServer.role(protocol.context().facts()),
                        "--file",
                        "/dev/null")
                // As an argument a name with an equals sign would be a connection string.
                .withEnvironment("PGDATABASE", database)
                .withEnvironment("PGSSLMODE", "disable")
                .withEnvironment("PGPASSWORD", "")
                .withLimit(limit));
        if (!result.succeeded()) {
            protocol.found(new Finding(
                    "schema-dump-failed",
                    "pg_dump could not read the definitions of database \"" + database + "\"",
                    result.error()));
            return Optional.empty();
        }
        return Optional.of(protocol.context()
                .evidence("database \"" + database + "\": all definitions could be dumped", "pg_dump --schema-only"));
    }
}
