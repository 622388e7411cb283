package dev.understudy.provision.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CloneGuardTest {
    @Test
    void theDropInQuotesForSystemd() {
        CloneGuard guard = new CloneGuard("/srv/a \"b\" 100% $x", "pg.service", CloneGuard.PROGRAM);

        assertThat(guard.dropIn())
                .contains("[Service]\n")
                .contains(
                        "ExecStartPre=+\"/usr/local/sbin/understudy-guard\" check -D \"/srv/a \\\"b\\\" 100%% $$x\"\n");
    }

    @Test
    void debiansUnitIsToldFromItsLayout() {
        assertThat(CloneGuard.debianUnit("/var/lib/postgresql/15/main")).contains("postgresql@15-main.service");
        assertThat(CloneGuard.debianUnit("/srv/pg")).isEmpty();
    }

    @Test
    void whatIsNoServiceIsRefused() {
        assertThatThrownBy(() -> new CloneGuard("/d", "pg; rm -rf /", CloneGuard.PROGRAM))
                .hasMessage("\"pg; rm -rf /\" is not the name of a systemd service");
        assertThatThrownBy(() -> new CloneGuard("d", "pg.service", CloneGuard.PROGRAM))
                .hasMessage("\"d\" is not an absolute path");
    }

    /** Run for real, but for the unit's directory, which is root's. */
    @Test
    void theInstallerInstallsTheScriptAndRecordsTheMachine(@TempDir Path temporary) throws Exception {
        Path data = Files.createDirectory(temporary.resolve("it's data"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        Path program = temporary.resolve("sbin/guard");
        CloneGuard guard = new CloneGuard(data.toString(), "pg.service", program.toString());
        String installer = guard.installer().replace("/etc/systemd/system", temporary + "/units");
        Files.createDirectory(temporary.resolve("units"));

        try (Host host = Hosts.local()) {
            host.run(Command.shell(installer)).orThrow();
            assertThat(Files.readString(program)).isEqualTo(CloneGuard.script());
            assertThat(Files.readString(temporary.resolve("units/pg.service.d/understudy-guard.conf")))
                    .isEqualTo(guard.dropIn());
            assertThat(data.resolveSibling("it's data" + CloneGuard.RECORD_SUFFIX))
                    .exists();
            assertThat(host.run(Command.of(program.toString(), "check", "-D", data.toString()))
                            .status())
                    .isZero();
            GuardState state = GuardState.look(host, data.toString());
            assertThat(state.record()).contains(data + CloneGuard.RECORD_SUFFIX);
            assertThat(state.program()).contains(program.toString());
            assertThat(state.service()).isEmpty();
        }
    }
}
