package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class OraclesIT {
    @Test
    void everyProgramIsOfVersion15WhateverThePathSays() {
        for (String program : new String[] {"pg_controldata", "pg_waldump", "pg_checksums", "pg_verifybackup"}) {
            assertThat(Oracles.run(program, "--version")).startsWith(program + " (PostgreSQL) 15.");
        }
    }

    @Test
    void theyReadTheFilesOfAServerWithChecksums() {
        try (EmbeddedPostgres server =
                EmbeddedPostgres.of(ServerMajor.V15).withChecksums().start()) {
            server.stop();
            assertThat(Oracles.controlData(server.dataDirectory())).contains("Data page checksum version:           1");
            assertThat(Oracles.run("pg_checksums", "-D", server.dataDirectory().toString()))
                    .contains("Bad checksums:  0");
            server.start();
            Path backup = server.scratch("backup");
            Oracles.run(
                    "pg_basebackup",
                    "-d",
                    server.conninfo(),
                    "-D",
                    backup.resolve("data").toString(),
                    "-X",
                    "stream",
                    "-c",
                    "fast");
            assertThat(Oracles.run("pg_verifybackup", backup.resolve("data").toString()))
                    .contains("backup successfully verified");
        }
    }
}
