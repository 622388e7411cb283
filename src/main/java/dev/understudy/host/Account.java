package dev.understudy.host;

/**
 * An operating system account of a host.
 *
 * @param name the log-in name, or the number in decimal where the system has no name for it
 * @param uid numeric user id
 * @param gid numeric id of its primary group
 * @param home absolute path of the home directory, empty where there is none
 */
public record Account(String name, int uid, int gid, String home) {
    public boolean isRoot() {
        return uid == 0;
    }
}
