package dev.understudy.cli.console;

import dev.understudy.postgres.ServerMajor;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class Version implements IVersionProvider {
    /** The version of this build, from the jar's manifest. */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /** The version and what it is for, on one line. */
    public static String line() {
        return "understudy " + number() + " (PostgreSQL " + ServerMajor.OLDEST + " to " + ServerMajor.NEWEST + ")";
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }
}
