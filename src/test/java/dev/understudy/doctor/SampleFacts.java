package dev.understudy.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.FactsJson;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.log.LogReader;
import dev.understudy.postgres.Known;
import java.nio.file.Path;

/** Facts of a healthy pair, saved from a real one, with some of them changed. */
final class SampleFacts {
    private static final Path HEALTHY = Path.of("src/test/resources/dev/understudy/doctor/facts/healthy@16.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode tree;
    private String log = "";
    private boolean truncated;

    private SampleFacts(ObjectNode tree) {
        this.tree = tree;
    }

    static SampleFacts healthy() {
        try {
            return new SampleFacts((ObjectNode) MAPPER.readTree(FactsJson.write(SavedFacts.read(HEALTHY))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A pair whose standby replays and answers nobody yet. */
    static SampleFacts starting(String... lines) {
        return healthy()
                .refusing("SERVER_STARTING", "the database system is not yet accepting connections")
                .log(lines);
    }

    /** A pair whose standby does not run. */
    static SampleFacts down(String... lines) {
        return healthy()
                .refusing("SERVER_UNREACHABLE", "Connection refused")
                .set("/directory/value/process", "{\"value\": null}")
                .log(lines);
    }

    private SampleFacts refusing(String code, String detail) {
        return set(
                "/standby",
                "{\"value\": {\"view\": null, \"failure\": {\"code\": \"%s\", \"message\": \"could not connect\", \"detail\": \"%s\", \"hint\": \"\"}}}"
                        .formatted(code, detail));
    }

    /** Lines of a log that is all that there is of it. */
    SampleFacts log(String... lines) {
        log = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
        return this;
    }

    /** Lines of a log of which more was there before. */
    SampleFacts endOfLog(String... lines) {
        truncated = true;
        return log(lines);
    }

    /** Puts another value where a path leads, such as {@code /standby/value/view}. */
    SampleFacts set(String path, String json) {
        int slash = path.lastIndexOf('/');
        JsonNode parent = tree.at(path.substring(0, slash));
        String name = path.substring(slash + 1);
        try {
            JsonNode value = MAPPER.readTree(json);
            if (parent instanceof ArrayNode array) {
                array.set(Integer.parseInt(name), value);
            } else if (parent instanceof ObjectNode object) {
                object.set(name, value);
            } else {
                throw new IllegalArgumentException("nothing at " + path);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
        return this;
    }

    Facts facts() {
        Facts read = FactsJson.read("sample", tree.toString());
        if (log.isEmpty()) {
            return read;
        }
        return new Facts(
                read.version(),
                read.given(),
                read.examinedAt(),
                read.directory(),
                Known.of(LogReader.read("/srv/standby/log", log, truncated)),
                read.standby(),
                read.primary(),
                read.archive(),
                read.receiver(),
                read.bundles(),
                read.primaryDisk(),
                read.cutShort());
    }

    Diagnosis examine() {
        return Doctor.examine(facts());
    }
}
