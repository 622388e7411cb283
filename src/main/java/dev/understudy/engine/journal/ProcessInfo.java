package dev.understudy.engine.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process that works on a run, as its journal names it.
 *
 * @param host this machine's name
 * @param version Understudy's own
 */
public record ProcessInfo(long pid, String host, String version) {
    /** This process. */
    public static ProcessInfo current(String version) {
        return new ProcessInfo(ProcessHandle.current().pid(), hostName(), version);
    }

    private static String hostName() {
        try {
            // Without asking a name server, which can take seconds.
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return hostNameFromResolver();
        }
    }

    private static String hostNameFromResolver() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
