package dev.understudy.provision.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The block devices of a machine.
 *
 * @param byPath by device file
 */
record BlockDevices(Map<String, BlockDevice> byPath) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> NAMES = List.of("name", "kname", "uuid", "label", "serial");

    BlockDevices {
        byPath = Map.copyOf(byPath);
    }

    /**
     * Reads what {@code lsblk --json --inverse} prints: each device with what it rests on as its children.
     *
     * @throws UnderstudyException {@link ErrorCode#VOLUMES_UNREADABLE} if it is something else
     */
    static BlockDevices parse(String json) {
        Map<String, BlockDevice> byPath = new LinkedHashMap<>();
        try {
            for (JsonNode node : MAPPER.readTree(json).path("blockdevices")) {
                read(node, byPath);
            }
        } catch (JsonProcessingException e) {
            throw UnderstudyException.of(ErrorCode.VOLUMES_UNREADABLE, "lsblk printed something that is not JSON")
                    .cause(e)
                    .build();
        }
        return new BlockDevices(byPath);
    }

    private static BlockDevice read(JsonNode node, Map<String, BlockDevice> byPath) {
        List<BlockDevice> below = new ArrayList<>();
        for (JsonNode child : node.path("children")) {
            below.add(read(child, byPath));
        }
        List<String> names = new ArrayList<>();
        for (String key : NAMES) {
            String name = node.path(key).asText("");
            if (!name.isEmpty() && !node.path(key).isNull()) {
                names.add(name);
            }
        }
        BlockDevice device =
                new BlockDevice(node.path("path").asText(""), node.path("type").asText("disk"), names, below);
        byPath.put(device.path(), device);
        return device;
    }

    Optional<BlockDevice> find(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /** The device of that path; one that lsblk does not list rests on nothing. */
    BlockDevice get(String path) {
        return find(path).orElseGet(() -> new BlockDevice(path, "device", List.of(), List.of()));
    }
}
