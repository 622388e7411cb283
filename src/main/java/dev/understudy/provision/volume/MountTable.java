package dev.understudy.provision.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounted file systems of a machine.
 *
 * @param mounts in the order in which they were mounted
 */
record MountTable(List<Mount> mounts) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    MountTable {
        mounts = List.copyOf(mounts);
    }

    /**
     * Reads what {@code findmnt --json --list} prints.
     *
     * @throws UnderstudyException {@link ErrorCode#VOLUMES_UNREADABLE} if it is something else
     */
    static MountTable parse(String json) {
        List<Mount> mounts = new ArrayList<>();
        try {
            for (JsonNode node : MAPPER.readTree(json).path("filesystems")) {
                String root = node.path("fsroot").asText("/");
                String type = node.path("fstype").asText("");
                mounts.add(new Mount(
                        node.path("target").asText(""),
                        source(node.path("source").asText(""), root),
                        type,
                        root));
            }
        } catch (JsonProcessingException e) {
            throw UnderstudyException.of(ErrorCode.VOLUMES_UNREADABLE, "findmnt printed something that is not JSON")
                    .cause(e)
                    .build();
        }
        return new MountTable(mounts);
    }

    /** {@code /dev/loop1[/pg]} is the directory {@code /pg} of {@code /dev/loop1}. */
    private static String source(String printed, String root) {
        String suffix = "[" + root + "]";
        return printed.endsWith(suffix) ? printed.substring(0, printed.length() - suffix.length()) : printed;
    }

    /** The file system that holds a path, symbolic links resolved: the deepest mount, the last of several on one point. */
    Optional<Mount> find(String path) {
        Mount found = null;
        for (Mount mount : mounts) {
            if (mount.holds(path)
                    && (found == null
                            || mount.target().length() >= found.target().length())) {
                found = mount;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The mounts at or below a directory. */
    List<Mount> below(String directory) {
        String prefix = directory + "/";
        return mounts.stream()
                .filter(mount -> mount.target().startsWith(prefix))
                .toList();
    }
}
