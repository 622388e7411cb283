package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.engine.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The names are a promise: whole documents are compared. */
final class JsonReportTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void aProvenRunHasAllThatTheContractNames() throws Exception {
        JsonNode report = MAPPER.readTree(JsonReport.line(SampleReports.proven()));

        assertThat(report.get("steps").get(2)).isEqualTo(MAPPER.readTree("""
                {"name": "start-backup", "state": "verified", "attempts": 1, "seconds": 0.2,
                 "evidence": [{"claim": "backup started at 0/2000028 on timeline 1", "source": "pg_backup_start",
                               "at": "2026-11-20T07:51:02.250Z"}]}"""));
        ((com.fasterxml.jackson.databind.node.ObjectNode) report).remove("steps");
        assertThat(report).isEqualTo(MAPPER.readTree("""
                {"run": "20261120T075100Z-standby-3f2a", "playbook": "standby", "outcome": "proven",
                 "exitCode": 0, "startedAt": "2026-11-20T07:51:00Z", "seconds": 12.3,
                 "target": "/srv/pg/data on local",
                 "copy": {"via": "sql", "workers": 4, "files": 980, "bytesTotal": 24117248,
                          "bytesTransferred": 24117248, "pagesChecked": 2900, "pageChecksumFailures": 0,
                          "seconds": 1.1},
                 "proof": {"systemIdentifier": "7563912345678901234", "timeline": 1, "startLsn": "0/2000028",
                           "stopLsn": "0/2000100",
                           "backupEnd": {"lsn": "0/20000D8", "endLsn": "0/2000100",
                                         "segment": "000000010000000000000002"},
                           "minRecoveryPoint": "0/2000100", "replayLsn": "0/3000060",
                           "canary": {"writtenLsn": "0/3000028", "seconds": 0.004}},
                 "warnings": ["the standby's server programs are 18.1, the primary runs 18.6"],
                 "facts": {"slot": "understudy", "start_lsn": "0/2000028"}}"""));
    }

    @Test
    void theOrderIsTheContracts() throws Exception {
        JsonNode report = MAPPER.readTree(JsonReport.line(SampleReports.of(Outcome.LEFT)));

        assertThat(report.fieldNames())
                .toIterable()
                .containsExactly(
                        "run",
                        "playbook",
                        "outcome",
                        "exitCode",
                        "startedAt",
                        "seconds",
                        "target",
                        "steps",
                        "copy",
                        "warnings",
                        "error",
                        "left",
                        "facts");
    }

    @Test
    void anErrorHasCodeMessageDetailAndHints() throws Exception {
        JsonNode report = MAPPER.readTree(JsonReport.line(SampleReports.of(Outcome.LEFT)));

        assertThat(report.get("error")).isEqualTo(MAPPER.readTree("""
                {"code": "US-4007", "message": "could not write file \\"base/5/16384\\": No space left on device",
                 "detail": "", "hints": ["Free 12 GB on /srv/pg, or choose another data directory."]}"""));
        assertThat(report.get("left").get(0).get("message").asText())
                .isEqualTo("slot \"understudy\" is still on the primary");
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void theLineIsOneLineAndSaysTheSameAsThePrettyForm(Outcome outcome) throws Exception {
        RunReport report = SampleReports.of(outcome);
        String line = JsonReport.line(report);

        assertThat(line).doesNotContain("\n");
        assertThat(MAPPER.readTree(line)).isEqualTo(MAPPER.readTree(JsonReport.pretty(report)));
        assertThat(MAPPER.readTree(line).get("outcome").asText()).isEqualTo(outcome.printed());
    }

    @Test
    void hostileValuesStayValues() throws Exception {
        JsonNode report = MAPPER.readTree(JsonReport.line(SampleReports.hostile()));

        assertThat(report.get("run").asText()).isEqualTo(SampleReports.hostile().run());
    }

    @Test
    void secondsHaveOneToThreeDigits() {
        assertThat(Json.line(List.of(12.0, 0.2, 0.0041, 1234.56789))).isEqualTo("[12.0,0.2,0.004,1234.568]");
    }
}
