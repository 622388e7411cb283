package dev.understudy.provision.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The file {@code keeper.json}. */
final class KeeperStateFormat {
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeeperStateFormat() {}

    static byte[] write(KeeperState state) {
        ObjectNode node = JSON.createObjectNode();
        node.put("phase", state.phase().name().toLowerCase(Locale.ROOT));
        node.put("pid", state.process().pid());
        node.put("host", state.process().host());
        node.put("beganAt", state.beganAt().toString());
        node.put("limitAt", state.limitAt().toString());
        node.put("primary", state.primary());
        node.put("slot", state.slot().name());
        node.put("slotMade", state.slot().made());
        node.put("slotDropped", state.slot().dropped());
        node.put("label", state.backup().label());
        node.put("systemIdentifier", state.backup().systemIdentifier());
        node.put("startLsn", state.backup().startLsn());
        node.put("stopLsn", state.backup().stopLsn());
        node.put("aliveAt", state.sign().aliveAt().toString());
        node.put("waiting", state.sign().waiting());
        state.failure().ifPresent(failure -> {
            ObjectNode why = node.putObject("failure");
            why.put("code", failure.code());
            why.put("message", failure.message());
            why.put("detail", failure.detail());
            failure.hints().forEach(why.putArray("hints")::add);
        });
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static KeeperState read(byte[] file) {
        try {
            JsonNode node = JSON.readTree(file);
            return new KeeperState(
                    KeeperState.Phase.valueOf(node.path("phase").asText().toUpperCase(Locale.ROOT)),
                    new KeeperState.Process(
                            node.path("pid").asLong(), node.path("host").asText()),
                    Instant.parse(node.path("beganAt").asText()),
                    Instant.parse(node.path("limitAt").asText()),
                    node.path("primary").asText(),
                    new KeeperState.Slot(
                            node.path("slot").asText(),
                            node.path("slotMade").asBoolean(),
                            node.path("slotDropped").asBoolean()),
                    new KeeperState.Backup(
                            node.path("label").asText(),
                            node.path("systemIdentifier").asText(),
                            node.path("startLsn").asText(),
                            node.path("stopLsn").asText()),
                    new KeeperState.Sign(
                            Instant.parse(node.path("aliveAt").asText()),
                            node.path("waiting").asText()),
                    failure(node.path("failure")));
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            throw UnderstudyException.of(
                            ErrorCode.BUNDLE_INVALID, "the bundle cannot be used: keeper.json cannot be read")
                    .cause(e)
                    .build();
        }
    }

    private static Optional<KeeperState.Failure> failure(JsonNode node) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        List<String> hints = new ArrayList<>();
        node.path("hints").forEach(hint -> hints.add(hint.asText()));
        return Optional.of(new KeeperState.Failure(
                node.path("code").asText(),
                node.path("message").asText(),
                node.path("detail").asText(),
                hints));
    }
}
