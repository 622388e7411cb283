package dev.understudy.pgfile.backup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parses a manifest token by token.
 *
 * <p>Source: {@code src/common/parse_manifest.c}.
 */
final class BackupManifestParser {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'GMT'", Locale.ROOT);
    private static final Set<String> FILE_KEYS =
            Set.of("Path", "Encoded-Path", "Size", "Last-Modified", "Checksum-Algorithm", "Checksum");
    private static final Set<String> RANGE_KEYS = Set.of("Timeline", "Start-LSN", "End-LSN");

    private final ManifestStream in;
    private final Consumer<ManifestFile> files;
    private final List<WalRange> ranges = new ArrayList<>();
    private int version;
    private @Nullable SystemIdentifier systemIdentifier;
    private long count;
    private long totalBytes;
    private String checksum = "";

    BackupManifestParser(InputStream in, Consumer<ManifestFile> files) {
        this.in = new ManifestStream(in);
        this.files = files;
    }

    BackupManifest parse() {
        try (JsonParser json = JSON.createParser(in)) {
            json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            require(json.nextToken() == JsonToken.START_OBJECT, "not a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                parseMember(json, json.currentName());
            }
            require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null, "more after its end");
            while (in.read() >= 0) {
                // The parser may have stopped before the last newline.
            }
        } catch (IOException e) {
            throw invalid(firstLine(e), e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid(firstLine(e), e);
        } catch (UnderstudyException e) {
            // A value of another room; here it is the manifest that is wrong.
            throw e.code() == ErrorCode.MANIFEST_INVALID ? e : invalid(e.message(), e);
        }
        require(version != 0, "no version");
        require(!checksum.isEmpty(), "no checksum");
        boolean checksumOk = in.endsWithNewline() & in.checksum().equals(checksum.toLowerCase(Locale.ROOT));
        return new BackupManifest(version, systemIdentifier, ranges, count, totalBytes, checksum, checksumOk);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void parseMember(JsonParser json, String name) throws IOException {
        JsonToken value = json.nextToken();
        switch (name) {
            case "PostgreSQL-Backup-Manifest-Version" -> {
                require(value == JsonToken.VALUE_NUMBER_INT, "version is not a number");
                version = json.getIntValue();
                require(version == 1 || version == 2, "unexpected manifest version " + version);
            }
            case "System-Identifier" -> {
                require(value == JsonToken.VALUE_NUMBER_INT, "system identifier is not a number");
                systemIdentifier = SystemIdentifier.parse(json.getText());
            }
            case "Files" -> {
                require(value == JsonToken.START_ARRAY, "\"Files\" is not an array");
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    addFile(members(json, FILE_KEYS));
                }
                require(json.currentToken() == JsonToken.END_ARRAY, "a file is not an object");
            }
            case "WAL-Ranges" -> {
                require(value == JsonToken.START_ARRAY, "\"WAL-Ranges\" is not an array");
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    addRange(members(json, RANGE_KEYS));
                }
                require(json.currentToken() == JsonToken.END_ARRAY, "a WAL range is not an object");
            }
            case "Manifest-Checksum" -> {
                require(value == JsonToken.VALUE_STRING, "checksum is not a string");
                checksum = json.getText();
            }
            default -> throw invalid("unexpected member \"" + name + "\"", null);
        }
    }

    private static Map<String, String> members(JsonParser json, Set<String> known) throws IOException {
        Map<String, String> members = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            require(known.contains(name), "unexpected member \"" + name + "\"");
            require(json.nextToken().isScalarValue(), "\"" + name + "\" is not a value");
            require(members.put(name, json.getText()) == null, "\"" + name + "\" stands twice");
        }
        require(json.currentToken() == JsonToken.END_OBJECT, "an object does not end");
        return members;
    }

    private void addFile(Map<String, String> members) {
        require(members.containsKey("Path") != members.containsKey("Encoded-Path"), "a file has not one path");
        byte[] path = members.containsKey("Path")
                ? value(members, "Path").getBytes(StandardCharsets.UTF_8)
                : HexFormat.of().parseHex(value(members, "Encoded-Path"));
        long size = Long.parseLong(value(members, "Size"));
        require(size >= 0, "negative size");
        String algorithm = members.getOrDefault("Checksum-Algorithm", "NONE");
        String rawPath = new String(path, StandardCharsets.ISO_8859_1);
        count++;
        totalBytes += size;
        files.accept(new ManifestFile(
                rawPath, size, time(members.get("Last-Modified")), algorithm, members.getOrDefault("Checksum", "")));
    }

    /** PostgreSQL's own reader ignores the time, so one that is missing is no error. */
    private static Instant time(@Nullable String text) {
        return text == null ? Instant.EPOCH : LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    }

    private void addRange(Map<String, String> members) {
        ranges.add(new WalRange(
                new TimelineId(Integer.parseUnsignedInt(value(members, "Timeline"))),
                Lsn.parse(value(members, "Start-LSN")),
                Lsn.parse(value(members, "End-LSN"))));
    }

    private static String value(Map<String, String> members, String name) {
        String value = members.get(name);
        if (value == null) {
            throw invalid("\"" + name + "\" is missing", null);
        }
        return value;
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw invalid(problem, null);
        }
    }

    private static UnderstudyException invalid(String problem, @Nullable Exception cause) {
        UnderstudyException.Builder error =
                UnderstudyException.of(ErrorCode.MANIFEST_INVALID, "cannot read backup manifest: %s", problem);
        if (cause != null) {
            error.cause(cause);
        }
        return error.build();
    }
}
