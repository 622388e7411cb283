package dev.understudy.server.connect;

import java.nio.file.Path;

/**
 * One place a server may listen at.
 *
 * @param host a name, an address, or the directory of a Unix socket; never empty
 * @param address numeric address to use instead of looking {@code host} up; empty to look it up
 * @param port TCP port, or the number in the socket's name
 * @param password the password for it; empty if there is none
 */
public record Endpoint(String host, String address, int port, String password) {
    public boolean isUnixSocket() {
        return address.isEmpty() && host.startsWith("/");
    }

    public Path socketFile() {
        return Path.of(host, ".s.PGSQL." + port);
    }

    /** For people: {@code socket "/tmp/.s.PGSQL.5432"} or {@code "db1", port 5432}; without the password. */
    @Override
    public String toString() {
        if (isUnixSocket()) {
            return "on socket \"" + socketFile() + "\"";
        }
        String at = address.isEmpty() || address.equals(host) ? "" : " (" + address + ")";
        return "at \"" + host + "\"" + at + ", port " + port;
    }
}
