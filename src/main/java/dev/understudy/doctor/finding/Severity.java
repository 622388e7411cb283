package dev.understudy.doctor.finding;

import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
    /** The standby, slot or archive does not do its work, or is not to be trusted. */
    ERROR,
    /** It works, and will not for long, or not as somebody may believe. */
    WARNING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
