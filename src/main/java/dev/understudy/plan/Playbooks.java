package dev.understudy.plan;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds playbooks: the shipped ones by name, others by path. */
public final class Playbooks {
    private static final List<String> SHIPPED = List.of(
            "basebackup",
            "clone",
            "clone-aws-ami",
            "clone-aws-ebs",
            "clone-azure-disk",
            "clone-btrfs",
            "clone-gcp-disk",
            "clone-gcp-machine-image",
            "clone-libvirt",
            "clone-lvm",
            "clone-vsphere",
            "clone-xfs",
            "clone-zfs",
            "preflight-promotion",
            "repair-archiver",
            "repair-backup",
            "repair-standby",
            "rehearsal",
            "reseed",
            "standby",
            "switch-wal",
            "take-backup");

    private Playbooks() {}

    /** Names of the shipped playbooks, sorted. */
    public static List<String> shipped() {
        return SHIPPED;
    }

    /**
     * Reads a shipped playbook by its name, or a file.
     *
     * @param nameOrFile a shipped name wins over a file of that name, which {@code ./NAME} still means
     * @throws UnderstudyException {@link ErrorCode#PLAYBOOK_UNKNOWN}, {@link ErrorCode#PLAYBOOK_INVALID}
     */
    public static Playbook load(String nameOrFile) {
        if (SHIPPED.contains(nameOrFile)) {
            String resource = "/dev/understudy/playbooks/" + nameOrFile + ".yaml";
            try (InputStream input = Playbooks.class.getResourceAsStream(resource)) {
                if (input == null) {
                    throw new IllegalStateException("the shipped playbook " + nameOrFile + " is not on the class path");
                }
                return read(nameOrFile + ".yaml", input);
            } catch (IOException e) {
                throw unknown(nameOrFile, e);
            }
        }
        try (InputStream input = Files.newInputStream(Path.of(nameOrFile))) {
            return read(nameOrFile, input);
        } catch (IOException | InvalidPathException e) {
            throw unknown(nameOrFile, e);
        }
    }

    private static Playbook read(String name, InputStream input) throws IOException {
        // One byte more than the longest shows that it is too long, without reading all of it.
        byte[] bytes = input.readNBytes(YamlDocument.LONGEST * 4 + 1);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Playbook.read(name, text);
        } catch (CharacterCodingException e) {
            throw UnderstudyException.of(
                            ErrorCode.PLAYBOOK_INVALID, "%s:1:1: not a text in UTF-8, expected a playbook", name)
                    .cause(e)
                    .build();
        }
    }

    private static UnderstudyException unknown(String name, @Nullable Exception cause) {
        UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.PLAYBOOK_UNKNOWN,
                        "there is no playbook %s%s",
                        Problems.quoted(name),
                        Problems.nearest(name, SHIPPED))
                .hint("Shipped ones are %s; others are given by their file.", String.join(", ", SHIPPED));
        if (cause != null) {
            error.detail("%s", cause.toString()).cause(cause);
        }
        return error.build();
    }
}
