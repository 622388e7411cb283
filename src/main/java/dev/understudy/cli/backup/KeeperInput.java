package dev.understudy.cli.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.BackupRequest;
import dev.understudy.server.backup.CheckpointMode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** What a keeper reads on its standard input, secrets included: one JSON object. */
final class KeeperInput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeeperInput() {}

    static byte[] write(BackupRequest request) throws IOException {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("primary", request.primary().keywords())
                .put("slot", request.slot().orElse(""))
                .put("label", request.label().orElse(""))
                .put("checkpoint", request.checkpoint().name())
                .put("limitSeconds", request.limit().toSeconds()));
    }

    static BackupRequest read(InputStream input) throws IOException {
        JsonNode node = JSON.readTree(input);
        return new BackupRequest(
                Conninfo.parse(node.path("primary").asText()),
                Optional.of(node.path("slot").asText()).filter(text -> !text.isEmpty()),
                Optional.of(node.path("label").asText()).filter(text -> !text.isEmpty()),
                CheckpointMode.valueOf(node.path("checkpoint").asText()),
                Duration.ofSeconds(node.path("limitSeconds").asLong()));
    }
}
