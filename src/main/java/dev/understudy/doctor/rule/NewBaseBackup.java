package dev.understudy.doctor.rule;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import java.util.Map;
import java.util.TreeMap;

/** The backup that is due where WAL is missing: older ones cannot be rolled forward past the gap. */
public final class NewBaseBackup {
    public static final String ID = "new-base-backup";

    private NewBaseBackup() {}

    /** The remedy; a receiver that was given has to continue the backup. */
    public static Remedy remedy(Facts facts) {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("primary", facts.given().primaryOrWord());
        parameters.put("backup", "DIRECTORY");
        facts.given().receiver().ifPresent(receiver -> parameters.put("receiver", receiver));
        if (!facts.given().host().equals("local")) {
            parameters.put("backup_host", facts.given().host());
        }
        return Remedy.byPlaybook(
                ID,
                "Take a new base backup: older ones cannot be rolled forward past the gap",
                "take-backup",
                parameters,
                Cost.FULL_COPY);
    }
}
