package dev.understudy.promotion.gather;

import dev.understudy.doctor.facts.ConfiguredSetting;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.gather.Masking;
import dev.understudy.host.Command;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.facts.CandidateFacts;
import dev.understudy.promotion.facts.SettingsFacts;
import dev.understudy.server.Session;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.survey.PrimacySurvey;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Gathers what the checks of settings, logins, archive and installed files need. */
final class SettingsGatherer {
    private static final String FIPS = "/proc/sys/crypto/fips_enabled";

    private SettingsGatherer() {}

    static SettingsFacts gather(Sight sight, Facts servers) {
        Known<Map<String, Setting>> standby = sight.onStandby(SettingsGatherer::settings);
        CandidateFacts standbyServer =
                CandidateGatherer.standby(sight.standby(), sight.request().standby());
        return new SettingsFacts(
                masked(standby),
                masked(sight.onPrimary(SettingsGatherer::settings)),
                withHbaFile(sight, standby, standbyServer),
                CandidateGatherer.primary(sight.primary()),
                ArchiveGatherer.gather(sight, servers, standby),
                LibraryGatherer.gather(sight, standby, standbyServer.objects()),
                ServiceGatherer.gather(sight, servers),
                sight.onHost(host -> host.run(Command.shell("cat -- \"$1\" 2>/dev/null || echo 0", FIPS))
                        .orThrow()
                        .text()
                        .equals("1")),
                triggerFile(sight, servers, standby));
    }

    private static Map<String, Setting> settings(Session session) {
        return new PrimacySurvey(session).settings();
    }

    private static Known<Map<String, Setting>> masked(Known<Map<String, Setting>> settings) {
        return settings.map(found -> {
            Map<String, Setting> masked = new TreeMap<>();
            found.forEach((name, setting) -> masked.put(name, Masking.setting(setting)));
            return masked;
        });
    }

    private static CandidateFacts withHbaFile(
            Sight sight, Known<Map<String, Setting>> settings, CandidateFacts standby) {
        Optional<Setting> file = settings.value().map(found -> found.get("hba_file"));
        if (standby.hba().isKnown() || !sight.host().isKnown() || file.isEmpty()) {
            return standby;
        }
        return new CandidateFacts(
                CandidateGatherer.fromHost(sight, file.get().value()),
                standby.roles(),
                standby.databases(),
                standby.objects(),
                standby.subscriptions(),
                standby.extensions(),
                standby.mayPromote());
    }

    /** Up to 11 recovery.conf names it, from 12 to 15 a setting. */
    private static Known<Optional<Boolean>> triggerFile(
            Sight sight, Facts servers, Known<Map<String, Setting>> settings) {
        return settings.flatMap(found -> {
            Setting setting = found.get("promote_trigger_file");
            String path = setting != null
                    ? setting.value()
                    : servers.directory()
                            .value()
                            .flatMap(directory -> directory.setting("trigger_file"))
                            .map(ConfiguredSetting::value)
                            .orElse("");
            if (path.isEmpty()) {
                return Known.of(Optional.empty());
            }
            return sight.dataDirectory()
                    .flatMap(data -> sight.onHost(host -> Optional.of(host.files()
                            .status(path.startsWith("/") ? path : data + "/" + path)
                            .isPresent())));
        });
    }
}
