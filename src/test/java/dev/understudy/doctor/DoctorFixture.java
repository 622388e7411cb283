package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.FactsJson;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.doctor.gather.Request;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.SshServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.ListAssert;

/** Examines real servers, and holds every examination to what it must always be. */
final class DoctorFixture {
    private Optional<String> dataDirectory = Optional.empty();
    private Optional<String> log = Optional.empty();
    private Optional<Conninfo> standby = Optional.empty();
    private Optional<Conninfo> primary = Optional.empty();
    private Optional<String> primaryHost = Optional.empty();
    private Optional<String> archive = Optional.empty();
    private Optional<String> receiver = Optional.empty();
    private Optional<String> slot = Optional.empty();
    private String host = "local";
    private Function<String, Host> hosts = Hosts::open;

    /** Of a standby: its directory, its log and its connection. */
    static DoctorFixture of(EmbeddedPostgres standby) {
        DoctorFixture fixture =
                new DoctorFixture().directory(standby.dataDirectory()).log(standby.logFile());
        fixture.standby = Optional.of(Conninfo.parse(standby.conninfo()));
        return fixture;
    }

    DoctorFixture directory(Path directory) {
        dataDirectory = Optional.of(directory.toString());
        return this;
    }

    DoctorFixture log(Path file) {
        log = Optional.of(file.toString());
        return this;
    }

    /** Has the log looked for where servers keep it. */
    DoctorFixture findingLog() {
        log = Optional.empty();
        return this;
    }

    DoctorFixture primary(EmbeddedPostgres server) {
        primary = Optional.of(Conninfo.parse(server.conninfo()));
        return this;
    }

    DoctorFixture primaryHost(String name) {
        primaryHost = Optional.of(name);
        return this;
    }

    DoctorFixture archive(Path directory) {
        archive = Optional.of(directory.toString());
        return this;
    }

    DoctorFixture withoutArchive() {
        archive = Optional.empty();
        return this;
    }

    DoctorFixture receiver(Path directory) {
        receiver = Optional.of(directory.toString());
        return this;
    }

    DoctorFixture slot(String name) {
        slot = Optional.of(name);
        return this;
    }

    /** Looks at the files over SSH. */
    DoctorFixture over(SshServer sshd) {
        host = sshd.address();
        hosts = name -> Hosts.open(name, sshd.options());
        return this;
    }

    Facts facts() {
        Facts facts = new FactsGatherer(hosts, Clock.systemUTC())
                .gather(new Request(
                        host, dataDirectory, log, standby, primary, primaryHost, archive, receiver, slot, List.of()));
        Facts read = FactsJson.read("facts", FactsJson.write(facts));
        assertThat(FactsJson.write(read)).as("saved facts").isEqualTo(FactsJson.write(facts));
        return read;
    }

    Diagnosis examine() {
        return Doctor.examine(facts());
    }

    /** Asserts one cause, and of all the rest that it follows from it. */
    static Finding requireCause(Diagnosis diagnosis, String id) {
        assertThat(diagnosis.causes())
                .as(String.valueOf(diagnosis))
                .extracting(Finding::id)
                .containsExactly(id);
        return diagnosis.causes().get(0);
    }

    static void requireHealthy(Diagnosis diagnosis) {
        assertThat(diagnosis.findings()).as(String.valueOf(diagnosis)).isEmpty();
        assertThat(diagnosis.isHealthy()).as(String.valueOf(diagnosis)).isTrue();
    }

    static ListAssert<String> assertEvidence(Finding finding) {
        return assertThat(finding.evidence().stream()
                .map(sign -> sign.source() + ": " + sign.detail())
                .toList());
    }
}
