package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.machine.MachineFacts;
import dev.understudy.promotion.machine.Storage;
import dev.understudy.promotion.tls.CertificateFacts;
import dev.understudy.promotion.tls.TlsFiles;
import dev.understudy.server.surroundings.Surroundings;
import dev.understudy.server.surroundings.TimeZoneDifference;
import dev.understudy.server.survey.WalRate;
import java.util.Optional;

/**
 * What decides by host, contents and service whether the standby can be a primary.
 *
 * @param standby the standby through SQL
 * @param primary the primary through SQL
 * @param timeZones how the standby's time zone data differ, seen from the primary
 * @param walRate how fast the primary writes WAL
 * @param machine the standby's machine
 * @param primaryMachine the primary's machine
 * @param storage where the standby keeps its files
 * @param tlsFiles what the standby's TLS settings name on its disk
 * @param served the certificate that the standby serves; empty if it does not do TLS
 * @param primaryServed the certificate that the primary serves
 */
public record SurroundingsFacts(
        Known<Surroundings> standby,
        Known<Surroundings> primary,
        Known<TimeZoneDifference> timeZones,
        Known<WalRate> walRate,
        Known<MachineFacts> machine,
        Known<MachineFacts> primaryMachine,
        Known<Storage> storage,
        Known<TlsFiles> tlsFiles,
        Known<Optional<CertificateFacts>> served,
        Known<Optional<CertificateFacts>> primaryServed) {
    /** Whether both servers are on one machine; unknown where one of the machines could not be looked at. */
    public Known<Boolean> onOneMachine() {
        return machine.flatMap(MachineFacts::identity)
                .flatMap(here -> primaryMachine.flatMap(MachineFacts::identity).map(here::equals));
    }
}
