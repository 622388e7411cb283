package dev.understudy.provision.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.seal.SeenCheckpoint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code bundle.json}: a JSON object whose last line is its own checksum, as in a {@code backup_manifest}. Label
 * and tablespace map are files of their own, byte for byte as the server gave them; their checksums stand in it.
 *
 * <pre>
 * {
 *   "understudyBundle" : 1,
 *   …
 *   "files" : { "backup_label" : "SHA-256", "tablespace_map" : "SHA-256" },
 * "checksum" : "SHA-256 of all bytes before this line"}
 * </pre>
 */
final class BundleFormat {
    private static final int VERSION = 1;
    private static final Pattern LAST_LINE = Pattern.compile("\"checksum\" : \"([0-9a-f]{64})\"\\}\n");
    private static final int LAST_LINE_BYTES = "\"checksum\" : \"\"}\n".length() + 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private BundleFormat() {}

    static byte[] write(Bundle bundle) {
        ObjectNode node = JSON.createObjectNode();
        node.put("understudyBundle", VERSION);
        node.put("completedAt", bundle.completedAt().toString());
        node.put("systemIdentifier", bundle.systemIdentifier().toString());
        node.put("serverVersion", bundle.version().number());
        node.put(
                "timeline",
                Integer.toUnsignedLong(bundle.label().startTimeline().number()));
        node.put("startLsn", bundle.label().startLsn().toString());
        node.put("stopLsn", bundle.stopLsn().toString());
        node.put("label", bundle.label().label());
        node.put("onStandby", bundle.onStandby());
        node.put("slot", bundle.slot().orElse(""));
        node.put("primary", bundle.primary().withoutSecrets().keywords());
        node.put("evidence", bundle.evidence());
        writeSource(node.putObject("source"), bundle.source());
        ArrayNode checkpoints = node.putArray("checkpoints");
        for (SeenCheckpoint seen : bundle.checkpoints()) {
            checkpoints
                    .addObject()
                    .put("lsn", seen.lsn().toString())
                    .put("redoLsn", seen.redoLsn().toString())
                    .put("epochSeconds", seen.epochSeconds());
        }
        ObjectNode files = node.putObject("files");
        files.put("backup_label", sha256(bundle.label().bytes()));
        files.put("tablespace_map", sha256(bundle.tablespaceMap()));
        String text = node.toPrettyString();
        String body = text.substring(0, text.lastIndexOf('\n')) + ",\n";
        String checksum = sha256(body.getBytes(StandardCharsets.UTF_8));
        return (body + "\"checksum\" : \"" + checksum + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void writeSource(ObjectNode node, Bundle.Source source) {
        node.put("startedAt", source.startedAt().toString());
        node.put("dataDirectory", source.dataDirectory());
        node.put("subscriptions", source.subscriptions());
        ObjectNode settings = node.putObject("settings");
        new TreeMap<>(source.settings()).forEach(settings::put);
        ObjectNode configuration = node.putObject("configuration");
        new TreeMap<>(source.configuration()).forEach(configuration::put);
    }

    /**
     * Reads and checks.
     *
     * @throws UnderstudyException {@link ErrorCode#BUNDLE_INVALID} if a single byte of the three is not as it was written
     */
    static Bundle read(byte[] file, byte[] label, byte[] tablespaceMap) {
        String checksum = checksumOf(file);
        String found = sha256(java.util.Arrays.copyOf(file, file.length - LAST_LINE_BYTES));
        if (!checksum.equals(found)) {
            throw invalid("bundle.json does not match its own checksum");
        }
        try {
            JsonNode node = JSON.readTree(file);
            int version = node.path("understudyBundle").asInt();
            if (version != VERSION) {
                throw invalid("it is of version " + version + ", this Understudy reads version " + VERSION);
            }
            requireFile(node, "backup_label", label);
            requireFile(node, "tablespace_map", tablespaceMap);
            return bundle(node, label, tablespaceMap);
        } catch (java.io.IOException | DateTimeException e) {
            throw UnderstudyException.of(
                            ErrorCode.BUNDLE_INVALID, "the bundle cannot be used: bundle.json cannot be read")
                    .cause(e)
                    .build();
        }
    }

    private static String checksumOf(byte[] file) {
        if (file.length <= LAST_LINE_BYTES) {
            throw invalid("bundle.json is too short");
        }
        String last = new String(file, file.length - LAST_LINE_BYTES, LAST_LINE_BYTES, StandardCharsets.ISO_8859_1);
        Matcher matcher = LAST_LINE.matcher(last);
        if (!matcher.matches()) {
            throw invalid("bundle.json does not end with its checksum");
        }
        return matcher.group(1);
    }

    private static void requireFile(JsonNode node, String name, byte[] contents) {
        if (!node.path("files").path(name).asText().equals(sha256(contents))) {
            throw invalid(name + " does not match its checksum in bundle.json");
        }
    }

    private static Bundle bundle(JsonNode node, byte[] label, byte[] tablespaceMap) throws JsonProcessingException {
        JsonNode source = node.path("source");
        List<SeenCheckpoint> checkpoints = new ArrayList<>();
        for (JsonNode seen : node.path("checkpoints")) {
            checkpoints.add(new SeenCheckpoint(
                    Lsn.parse(seen.path("lsn").asText()),
                    Lsn.parse(seen.path("redoLsn").asText()),
                    seen.path("epochSeconds").asLong()));
        }
        return new Bundle(
                Instant.parse(node.path("completedAt").asText()),
                SystemIdentifier.parse(node.path("systemIdentifier").asText()),
                new ServerVersion(node.path("serverVersion").asInt()),
                BackupLabel.parse(label),
                tablespaceMap,
                Lsn.parse(node.path("stopLsn").asText()),
                node.path("onStandby").asBoolean(),
                Optional.of(node.path("slot").asText()).filter(slot -> !slot.isEmpty()),
                Conninfo.parse(node.path("primary").asText()),
                new Bundle.Source(
                        Instant.parse(source.path("startedAt").asText()),
                        source.path("dataDirectory").asText(),
                        source.path("subscriptions").asLong(),
                        texts(source.path("settings")),
                        // Bundles of 0.1.0 do not have it.
                        texts(source.path("configuration"))),
                checkpoints,
                node.path("evidence").asText());
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.fields()
                .forEachRemaining(
                        each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }

    static UnderstudyException invalid(String what) {
        return UnderstudyException.of(ErrorCode.BUNDLE_INVALID, "the bundle cannot be used: %s", what)
                .hint("Copy it again from where \"understudy backup end\" completed it.")
                .build();
    }

    private static String sha256(byte[] contents) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(contents));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
