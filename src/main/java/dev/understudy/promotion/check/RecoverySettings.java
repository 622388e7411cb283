package dev.understudy.promotion.check;

import dev.understudy.doctor.finding.Sign;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.facts.PromotionFacts;

/** Settings of recovery: settings like others from 12 on, and before in recovery.conf, which SQL does not show. */
public final class RecoverySettings {
    private RecoverySettings() {}

    /** A setting with its place, {@code name = value}; empty value if it is not set. */
    public static Known<Sign> find(PromotionFacts facts, String name) {
        return facts.standby().flatMap(view -> {
            if (view.identity().version().major().isAtLeast(ServerMajor.V12)) {
                return view.settings()
                        .map(any -> new Sign(
                                "pg_settings", name + " = " + view.setting(name).orElse("")));
            }
            return facts.directory().isKnown()
                    ? facts.directory()
                            .flatMap(directory -> directory
                                    .settings()
                                    .map(any -> directory
                                            .setting(name)
                                            .map(setting -> new Sign(setting.place(), name + " = " + setting.value()))
                                            .orElse(new Sign("recovery.conf", name + " = "))))
                    : Known.unknown("this major has it in recovery.conf, and "
                            + facts.directory().reason());
        });
    }

    /** The value alone. */
    public static String value(Sign setting) {
        return setting.detail().substring(setting.detail().indexOf(" = ") + 3);
    }

    /** Whether a number, with a unit perhaps, is zero or not set. */
    public static boolean isZero(Sign setting) {
        return value(setting).matches("|0+(?:\\.0*)?\\s*[a-z]*");
    }
}
