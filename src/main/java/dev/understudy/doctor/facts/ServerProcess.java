package dev.understudy.doctor.facts;

/**
 * What postmaster.pid says, and what is true of it.
 *
 * @param pid process id in the file
 * @param port port in the file, 0 if it does not tell
 * @param alive whether there is a process of that number
 * @param ours whether that process works in this data directory
 * @param command what that process is, empty if it could not be told
 * @param status last line of the file: {@code starting}, {@code standby}, {@code ready}; empty before 10
 */
public record ServerProcess(long pid, int port, boolean alive, boolean ours, String command, String status) {
    /** Whether the directory's own server runs. */
    public boolean isOurs() {
        return alive && ours;
    }
}
