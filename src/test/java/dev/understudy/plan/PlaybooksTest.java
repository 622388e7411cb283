package dev.understudy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaybooksTest {
    private static final Map<String, String> LEAST =
            Map.of("primary", "host=primary dbname=postgres", "data_directory", "/srv/standby");

    @ParameterizedTest
    @ValueSource(strings = {"basebackup", "reseed", "standby"})
    void everyShippedPlaybookIsCompleteWithItsTwoRequiredParameters(String name) {
        Plan plan = Playbooks.load(name).resolve(LEAST);

        assertThat(plan.name()).isEqualTo(name);
        assertThat(plan.provesStandby()).isTrue();
        assertThat(plan.primary().connect()).isEqualTo("host=primary dbname=postgres");
        assertThat(plan.standby().dataDirectory()).isEqualTo("/srv/standby");
    }

    @Test
    void theStandbyPlaybookHasTheParametersThatScriptsGive() {
        assertThat(Playbooks.load("standby").parameters())
                .extracting(PlaybookParameter::name)
                .contains(
                        "primary",
                        "primary_host",
                        "data_directory",
                        "bin_directory",
                        "port",
                        "socket_directory",
                        "slot",
                        "replication",
                        "via",
                        "workers",
                        "tablespaces",
                        "wal_directory",
                        "wal",
                        "restore_command",
                        "checkpoint",
                        "rate_limit",
                        "start",
                        "settings",
                        "depth",
                        "timeout");
    }

    @Test
    void theStandbyPlaybookHasTheseDefaults() {
        Plan plan = Playbooks.load("standby").resolve(LEAST);

        assertThat(plan.primary().host()).isEqualTo("none");
        assertThat(plan.standby().host()).isEqualTo("local");
        assertThat(plan.standby().findPort()).isEmpty();
        assertThat(plan.standby().findBinDirectory()).isEmpty();
        assertThat(plan.standby().findSocketDirectory()).isEmpty();
        assertThat(plan.standby().findWalDirectory()).isEmpty();
        assertThat(plan.standby().findAccount()).isEmpty();
        assertThat(plan.standby().tablespaces()).isEmpty();
        Arguments reserve = arguments(plan, "reserve-wal");
        assertThat(reserve.text("slot")).isEqualTo("understudy");
        assertThat(reserve.text("wal")).isEqualTo("slot");
        assertThat(reserve.findText("restore_command")).isEmpty();
        assertThat(reserve.size("keep_free")).isEqualTo(1L << 30);
        Arguments start = arguments(plan, "start-backup");
        assertThat(start.text("checkpoint")).isEqualTo("fast");
        assertThat(start.findText("label")).isEmpty();
        assertThat(start.duration("timeout")).isEqualTo(Duration.ofHours(1));
        Arguments copy = arguments(plan, "copy-data-directory");
        assertThat(copy.text("via")).isEqualTo("auto");
        assertThat(copy.integer("workers")).isEqualTo(4);
        assertThat(copy.findSize("rate_limit")).isEmpty();
        assertThat(copy.text("onto")).isEqualTo("new");
        Arguments stop = arguments(plan, "stop-backup");
        assertThat(stop.findFlag("wait_for_archive")).isEmpty();
        assertThat(stop.duration("timeout")).isEqualTo(Duration.ofHours(1));
        assertThat(arguments(plan, "render-recovery").pairs("settings")).isEmpty();
        assertThat(arguments(plan, "start-standby").text("start")).isEqualTo("pg_ctl");
        assertThat(arguments(plan, "start-standby").duration("timeout")).isEqualTo(Duration.ofHours(1));
        assertThat(arguments(plan, "prove-consistency").text("depth")).isEqualTo("quick");
        assertThat(arguments(plan, "prove-consistency").duration("timeout")).isEqualTo(Duration.ofMinutes(10));
        assertThat(arguments(plan, "preflight").names("skip")).isEmpty();
    }

    @Test
    void reseedWorksOnAnExistingDirectory() {
        Plan plan = Playbooks.load("reseed").resolve(LEAST);

        assertThat(arguments(plan, "copy-data-directory").text("onto")).isEqualTo("existing");
    }

    @Test
    void whatIsGivenReachesTheSteps() {
        Plan plan = Playbooks.load("standby")
                .resolve(Map.of(
                        "primary", "postgresql://u@p/db",
                        "data_directory", "/d",
                        "port", "5433",
                        "tablespaces", "/a=/b, /c=/d\\,e",
                        "rate_limit", "64MB/s",
                        "settings", "work_mem = 4MB\n\nshared_buffers=1GB",
                        "wal", "archive",
                        "restore_command", "cp \"/archive/%f\" \"%p\"",
                        "timeout", "90s"));

        assertThat(plan.standby().findPort()).contains(5433);
        assertThat(plan.standby().tablespaces()).containsExactly(Map.entry("/a", "/b"), Map.entry("/c", "/d,e"));
        assertThat(arguments(plan, "copy-data-directory").findSize("rate_limit"))
                .contains(64L << 20);
        assertThat(arguments(plan, "render-recovery").pairs("settings"))
                .containsExactly(Map.entry("work_mem", "4MB"), Map.entry("shared_buffers", "1GB"));
        assertThat(arguments(plan, "reserve-wal").text("restore_command")).isEqualTo("cp \"/archive/%f\" \"%p\"");
        assertThat(arguments(plan, "prove-consistency").duration("timeout")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aFileIsReadByItsPath(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("mine.yaml");
        Files.writeString(file, "understudy: 1\nname: mine\nsteps: [{run: {command: 'true'}}]\n");

        assertThat(Playbooks.load(file.toString()).resolve(Map.of()).steps())
                .extracting(StepCall::name)
                .isEqualTo(List.of("run"));
    }

    @Test
    void aNameThatIsNeitherShippedNorAFileIsRefused() {
        assertThatThrownBy(() -> Playbooks.load("standy")).isInstanceOfSatisfying(UnderstudyException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.PLAYBOOK_UNKNOWN);
            assertThat(error).hasMessage("there is no playbook \"standy\" (did you mean \"standby\"?)");
            assertThat(error.hints())
                    .containsExactly("Shipped ones are %s; others are given by their file."
                            .formatted(String.join(", ", Playbooks.shipped())));
        });
    }

    @Test
    void aFileThatIsNotTextIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});

        assertThatThrownBy(() -> Playbooks.load(file.toString()))
                .hasMessage(file + ":1:1: not a text in UTF-8, expected a playbook");
    }

    private static Arguments arguments(Plan plan, String kind) {
        return plan.findStep(kind).orElseThrow().arguments();
    }
}
