package dev.understudy.postgres;

/**
 * A major version of PostgreSQL.
 *
 * @param number {@code server_version_num / 10000} from 10; {@code 906} for 9.6, so that majors compare as numbers only
 *     through {@link #compareTo}
 */
public record ServerMajor(int number) implements Comparable<ServerMajor> {
    public static final ServerMajor V9_6 = new ServerMajor(906);
    public static final ServerMajor V10 = new ServerMajor(10);
    public static final ServerMajor V11 = new ServerMajor(11);
    public static final ServerMajor V12 = new ServerMajor(12);
    public static final ServerMajor V13 = new ServerMajor(13);
    public static final ServerMajor V14 = new ServerMajor(14);
    public static final ServerMajor V15 = new ServerMajor(15);
    public static final ServerMajor V16 = new ServerMajor(16);
    public static final ServerMajor V17 = new ServerMajor(17);
    public static final ServerMajor V18 = new ServerMajor(18);

    /** The oldest and the newest major that this version of Understudy knows. */
    public static final ServerMajor OLDEST = V9_6;

    public static final ServerMajor NEWEST = V18;

    /** Reads the contents of PG_VERSION or the first part of {@code server_version}: {@code 9.6}, {@code 15}. */
    public static ServerMajor parse(String text) {
        String trimmed = text.strip();
        return new ServerMajor(
                trimmed.contains(".") ? Integer.parseInt(trimmed.replace(".", "0")) : Integer.parseInt(trimmed));
    }

    public boolean isAtLeast(ServerMajor other) {
        return compareTo(other) >= 0;
    }

    public boolean isSupported() {
        return isAtLeast(OLDEST) && NEWEST.isAtLeast(this);
    }

    /** A number that grows with the age of the major: 9.6 is 960, 10 is 1000, 18 is 1800. */
    private int order() {
        return number >= 900 ? number / 100 * 100 + number % 100 * 10 : number * 100;
    }

    @Override
    public int compareTo(ServerMajor other) {
        return Integer.compare(order(), other.order());
    }

    /** As in PG_VERSION: {@code 9.6}, {@code 15}. */
    @Override
    public String toString() {
        return number >= 900 ? number / 100 + "." + number % 100 : Integer.toString(number);
    }
}
