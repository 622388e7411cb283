package dev.understudy.testing;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A key pair made for one test, and the hosts that it trusts. */
final class SshIdentity {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(20);

    private final Path privateKey;
    private final Path knownHosts;
    private final String publicKey;

    private SshIdentity(Path privateKey, Path knownHosts, String publicKey) {
        this.privateKey = privateKey;
        this.knownHosts = knownHosts;
        this.publicKey = publicKey;
    }

    /** Makes {@code id_ed25519} and an empty {@code known_hosts} in a directory. */
    static SshIdentity generate(Path directory) throws IOException {
        try {
            KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            pair.writePublicKey(line, "understudy-test");
            Path key = directory.resolve("id_ed25519");
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = Files.newOutputStream(key)) {
                pair.writeOpenSSHv1PrivateKey(out, null);
            }
            pair.dispose();
            return new SshIdentity(
                    key,
                    Files.createFile(directory.resolve("known_hosts")),
                    line.toString(StandardCharsets.UTF_8).strip());
        } catch (JSchException e) {
            throw new IllegalStateException(e);
        }
    }

    Path privateKey() {
        return privateKey;
    }

    Path knownHosts() {
        return knownHosts;
    }

    /** A line of an authorized_keys file. */
    String publicKey() {
        return publicKey;
    }

    /** Replaces the known hosts. */
    void know(List<String> lines) throws IOException {
        Files.write(knownHosts, lines);
    }

    /** A connected session of JSch; the caller disconnects it. */
    Session connect(String account, String address) {
        try {
            JSch jsch = new JSch();
            jsch.setKnownHosts(knownHosts.toString());
            jsch.addIdentity(privateKey.toString());
            Session session = jsch.getSession(account, address, 22);
            session.setConfig("StrictHostKeyChecking", "yes");
            session.connect((int) CONNECT_LIMIT.toMillis());
            return session;
        } catch (JSchException e) {
            throw new IllegalStateException("could not log in to " + account + "@" + address, e);
        }
    }
}
