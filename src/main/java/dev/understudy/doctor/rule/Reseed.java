package dev.understudy.doctor.rule;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import java.util.Map;
import java.util.TreeMap;

/** The remedy that always works while the primary does: bring the directory up to it by what differs. */
public final class Reseed {
    public static final String ID = "reseed";

    private Reseed() {}

    /** The remedy for the directory that was given. */
    public static Remedy remedy(Facts facts) {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("primary", facts.given().primaryOrWord());
        parameters.put("data_directory", facts.given().dataDirectoryOrWord());
        if (!facts.given().host().equals("local")) {
            parameters.put("standby_host", facts.given().host());
        }
        facts.given().slot().ifPresent(slot -> parameters.put("slot", slot));
        return Remedy.byPlaybook(
                ID,
                "Stop this server and bring its directory up to the primary by what differs; the result is proven",
                "repair-standby",
                parameters,
                Cost.DELTA_COPY);
    }
}
