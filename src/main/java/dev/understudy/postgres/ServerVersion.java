package dev.understudy.postgres;

/**
 * The version of a server, major and minor.
 *
 * @param number {@code server_version_num}: 90624 for 9.6.24, 150018 for 15.18
 */
public record ServerVersion(int number) implements Comparable<ServerVersion> {
    public ServerMajor major() {
        return new ServerMajor(number >= 100_000 ? number / 10_000 : number / 100 / 100 * 100 + number / 100 % 100);
    }

    public int minor() {
        return number >= 100_000 ? number % 10_000 : number % 100;
    }

    @Override
    public int compareTo(ServerVersion other) {
        return Integer.compare(number, other.number);
    }

    /** {@code 9.6.24}, {@code 15.18}. */
    @Override
    public String toString() {
        return major() + "." + minor();
    }
}
