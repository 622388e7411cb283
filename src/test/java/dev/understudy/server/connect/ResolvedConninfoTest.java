package dev.understudy.server.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResolvedConninfoTest {
    @TempDir
    private Path home;

    private Map<String, String> variables;

    @BeforeEach
    void setUp() {
        variables = Map.of();
    }

    private ResolvedConninfo resolved(String conninfo) {
        return ResolvedConninfo.of(Conninfo.parse(conninfo), new Environment(variables, "account", home));
    }

    private String password(String conninfo) {
        return resolved(conninfo).endpoints().get(0).password();
    }

    private void passFile(String permissions, String... lines) throws IOException {
        Path file = home.resolve(".pgpass");
        Files.writeString(file, String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void defaultsAreLibpqs() {
        ResolvedConninfo resolved = resolved("host=h");
        assertThat(resolved.get("user")).isEqualTo("account");
        assertThat(resolved.get("dbname")).isEqualTo("account");
        assertThat(resolved.endpoints()).containsExactly(new Endpoint("h", "", 5432, ""));
        assertThat(resolved("user=u").get("dbname")).isEqualTo("u");
        assertThat(resolved("").endpoints().get(0).isUnixSocket()).isTrue();
    }

    @Test
    void theEnvironmentFillsInWhatTheStringLeavesOpen() {
        variables = Map.of("PGHOST", "e", "PGPORT", "1", "PGUSER", "eu", "PGPASSWORD", "ep", "PGSSLMODE", "require");
        ResolvedConninfo resolved = resolved("host=h");
        assertThat(resolved.get("user")).isEqualTo("eu");
        assertThat(resolved.get("sslmode")).isEqualTo("require");
        assertThat(resolved.endpoints()).containsExactly(new Endpoint("h", "", 1, "ep"));
        assertThat(resolved.toString()).doesNotContain("ep ").contains("password=********");
        assertThat(resolved.endpoints().toString()).isEqualTo("[at \"h\", port 1]");
    }

    @Test
    void aServiceBeatsTheEnvironmentAndTheStringBeatsBoth() throws IOException {
        Files.writeString(
                home.resolve(".pg_service.conf"),
                "# comment\n[other]\nhost=no\n\n[mine]\nhost=s\nport=3\nuser=su\n[third]\nhost=no\n");
        variables = Map.of("PGUSER", "eu", "PGPORT", "1", "PGSERVICE", "mine");
        assertThat(resolved("port=2").conninfo().values())
                .containsEntry("host", "s")
                .containsEntry("port", "2")
                .containsEntry("user", "su");
        assertThat(resolved("service=third").get("host")).isEqualTo("no");
    }

    @Test
    void anUnknownServiceIsAnError() {
        assertThatThrownBy(() -> resolved("service=none"))
                .isInstanceOfSatisfying(
                        UnderstudyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_NOT_FOUND))
                .hasMessage("definition of service \"none\" not found");
        variables = Map.of("PGSERVICEFILE", home + "/nothing");
        assertThatThrownBy(() -> resolved("service=none"))
                .hasMessage("service file \"" + home + "/nothing\" not found");
    }

    @Test
    void aWrongLineOfAServiceFileIsNamed() throws IOException {
        Files.writeString(home.resolve(".pg_service.conf"), "[a]\nhost = x\n");
        assertThatThrownBy(() -> resolved("service=a"))
                .hasMessage("syntax error in service file \"%s\", line 2".formatted(home.resolve(".pg_service.conf")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host=h user=u dbname=d | plain",
                "host=h user=v dbname=d | any user",
                "host=h user=u dbname=x | by:colon\\",
                "host=h port=9 user=u dbname=d | ''",
                "host=co:lon user=u dbname=d | colon host",
                "host=/tmp user=u dbname=d | local",
                "host=/other user=u dbname=d | other socket",
                "host=h user=u dbname=d password=given | given",
                "host=h user=repl dbname=d replication=true | for replication",
                "hostaddr=10.0.0.1 user=u dbname=d | by address",
                "host=h hostaddr=10.0.0.1 user=u dbname=d | plain",
            })
    void thePasswordFileIsMatchedAsLibpqDoes(String conninfo, String expected) throws IOException {
        passFile(
                "rw-------",
                "#h:5432:d:u:comment",
                "h:5432:d:u:plain",
                "h:5432:replication:repl:for replication",
                "h:5432:x:u:by\\:colon\\\\",
                "co\\:lon:*:d:u:colon host",
                "localhost:5432:d:u:local",
                "/other:5432:d:u:other socket",
                "10.0.0.1:*:*:*:by address",
                "h:5432:d:*:any user");
        assertThat(password(conninfo)).isEqualTo(expected);
    }

    @Test
    void eachHostHasItsOwnPassword() throws IOException {
        passFile("rw-------", "a:1:*:*:one", "b:2:*:*:two");
        assertThat(resolved("host=a,b,c port=1,2,3").endpoints())
                .extracting(Endpoint::password)
                .containsExactly("one", "two", "");
    }

    @Test
    void aPasswordFileThatOthersCanReadIsIgnoredWithAWarning() throws IOException {
        passFile("rw-r-----", "*:*:*:*:geheim");
        ResolvedConninfo resolved = resolved("host=h");
        assertThat(resolved.endpoints().get(0).password()).isEmpty();
        assertThat(resolved.warnings())
                .containsExactly(
                        "password file \"%s\" has group or world access and is ignored; permissions should be u=rw (0600) or less"
                                .formatted(home.resolve(".pgpass")));
    }

    @Test
    void thePasswordFileCanBeElsewhere() throws IOException {
        passFile("rw-------", "*:*:*:*:usual");
        Path file = Files.writeString(home.resolve("elsewhere"), "*:*:*:*:unusual");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(password("host=h passfile=" + file)).isEqualTo("unusual");
        variables = Map.of("PGPASSFILE", file.toString());
        assertThat(password("host=h")).isEqualTo("unusual");
    }

    @Test
    void portsAndHostsMustGoTogether() {
        assertThat(resolved("host=a,b port=7").endpoints())
                .extracting(Endpoint::port)
                .containsExactly(7, 7);
        assertThatThrownBy(() -> resolved("host=a,b,c port=1,2"))
                .hasMessage("could not match 2 port numbers to 3 hosts");
        assertThatThrownBy(() -> resolved("host=a,b hostaddr=1.1.1.1"))
                .hasMessage("could not match 2 host names to 1 hostaddr values");
        assertThatThrownBy(() -> resolved("host=a port=70000")).hasMessage("invalid port number: \"70000\"");
    }
}
