package dev.understudy.provision.control;

import dev.understudy.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a server leaves for others to read: postmaster.pid and its log. */
public final class ServerFilesFuzz {
    private ServerFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Fuzz.reading(Set.of(), () -> PostmasterFile.parse(text));
        Fuzz.reading(Set.of(), () -> StartupMessage.newest(text));
    }

    public static List<byte[]> seeds() {
        return Stream.of(
                        "4711\n/srv/standby\n1763625060\n5433\n/run/postgresql\nlocalhost\n  5433001  98304\nready\n",
                        "2026-11-20 07:51:00.000 UTC [1] FATAL:  could not connect to the primary server: x: y\n"
                                + "LOG:  redo in progress, elapsed time: 10.00 s, current LSN: 0/3000000\n",
                        "ERROR:  could not receive data from WAL stream: ERROR:  requested WAL segment"
                                + " 000000010000000000000003 has already been removed\nPANIC:  $1 \\ x\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
