package dev.understudy.host.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The accepted host keys, read only; remembers the key that the host showed, for the error. */
final class SshHostKeys implements HostKeyRepository {
    private final HostKeyRepository known;
    private byte @Nullable [] shown;

    private SshHostKeys(HostKeyRepository known) {
        this.known = known;
    }

    /** Reads all files into one repository, which otherwise knows only one. */
    static SshHostKeys load(SshTarget target) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path file : target.knownHosts()) {
            if (Files.isReadable(file) && !Files.isDirectory(file)) {
                try {
                    all.writeBytes(Files.readAllBytes(file));
                    all.write('\n');
                } catch (IOException e) {
                    throw unreadable(file.toString(), e);
                }
            }
        }
        try {
            JSch jsch = new JSch();
            jsch.setKnownHosts(new ByteArrayInputStream(all.toByteArray()));
            return new SshHostKeys(jsch.getHostKeyRepository());
        } catch (JSchException e) {
            throw unreadable(target.knownHosts().toString(), e);
        }
    }

    private static UnderstudyException unreadable(String file, Exception cause) {
        return UnderstudyException.of(
                        ErrorCode.SSH_CONFIGURATION_INVALID, "could not read known host keys \"%s\"", file)
                .detail("%s", cause.toString())
                .cause(cause)
                .build();
    }

    /** Type and fingerprint as {@code ssh-keygen -l} prints them, for example {@code ssh-ed25519 SHA256:…}. */
    String shownKey() {
        if (shown == null) {
            return "unknown";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(shown);
            int length = ByteBuffer.wrap(shown).getInt();
            String type = new String(shown, 4, length, StandardCharsets.US_ASCII);
            return type + " SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }

    @Override
    public int check(String host, byte[] key) {
        shown = key.clone();
        int result = known.check(host, key);
        if (result != NOT_INCLUDED) {
            return result;
        }
        // A key of another type for the same host counts as a change too: whoever sits in between can choose the type.
        HostKey[] others = known.getHostKey(host, null);
        return others != null
                        && Arrays.stream(others)
                                .anyMatch(other -> !other.getMarker().equals("@revoked"))
                ? CHANGED
                : NOT_INCLUDED;
    }

    @Override
    public void add(HostKey key, @Nullable UserInfo user) {
        // Never: a key is accepted by a person, outside.
    }

    @Override
    public void remove(String host, String type) {
        // Never.
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        // Never.
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return "known_hosts";
    }

    @Override
    public HostKey[] getHostKey() {
        return known.getHostKey();
    }

    @Override
    public HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
        return known.getHostKey(host, type);
    }
}
