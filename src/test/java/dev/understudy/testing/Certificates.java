package dev.understudy.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Certificates for the TLS of test servers, each signed by itself, for the name {@code localhost}. */
public final class Certificates {
    private Certificates() {}

    /** Says that the test needs the program that makes them. */
    public static void require() {
        Required.part(
                "openssl",
                Files.isExecutable(Path.of("/usr/bin/openssl")),
                "there is no openssl to make certificates with (Debian: openssl)");
    }

    /** Makes {@code NAME.crt} and {@code NAME.key} in a directory, which the servers' account owns. */
    public static Path make(Path directory, String name) {
        Path key = directory.resolve(name + ".key");
        Path certificate = directory.resolve(name + ".crt");
        Account.run(
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString()),
                Map.of());
        Account.give(key);
        Account.give(certificate);
        return certificate;
    }
}
