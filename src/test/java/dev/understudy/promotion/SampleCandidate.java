package dev.understudy.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Facts of a healthy pair, saved from a real one, with some of them changed or added: for what no test can bring about. */
final class SampleCandidate {
    private static final Path HEALTHY = Path.of("src/test/resources/dev/understudy/doctor/facts/healthy@16.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String FRAME = """
            {"version": 1, "examinedAt": "2026-11-20T17:00:00Z", "downstreams": [], "surroundings": {}, "whole": {}, "stream": {}, "around": {},
             "given": {"standby": "host=s", "primary": "host=p", "host": "local", "dataDirectory": "/data",
                       "downstreams": [], "depth": "QUICK"},
             "settings": {"standby": {"value": {}}, "primary": {"value": {}}, "standbyServer": {}, "primaryServer": {}}}
            """;

    private final ObjectNode tree;

    private SampleCandidate(ObjectNode tree) {
        this.tree = tree;
    }

    static SampleCandidate healthy() {
        try {
            ObjectNode tree = (ObjectNode) MAPPER.readTree(FRAME);
            tree.set("servers", MAPPER.readTree(Files.readString(HEALTHY)));
            return new SampleCandidate(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts JSON where a pointer leads: {@code /settings/fips}. */
    SampleCandidate set(String pointer, String json) {
        int slash = pointer.lastIndexOf('/');
        try {
            ((ObjectNode) tree.at(pointer.substring(0, slash)))
                    .set(pointer.substring(slash + 1), MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
        return this;
    }

    /** A known fact. */
    SampleCandidate known(String pointer, String json) {
        return set(pointer, "{\"value\": " + json + "}");
    }

    SampleCandidate unknown(String pointer, String reason) {
        return set(pointer, "{\"unknown\": \"" + reason + "\"}");
    }

    /** A setting of the standby. */
    SampleCandidate here(String name, String value) {
        return setting("standby", name, value);
    }

    /** A setting of the primary. */
    SampleCandidate there(String name, String value) {
        return setting("primary", name, value);
    }

    SampleCandidate both(String name, String value) {
        return here(name, value).there(name, value);
    }

    private SampleCandidate setting(String whose, String name, String value) {
        return set("/settings/" + whose + "/value/" + name, """
                {"name": "%s", "value": "%s", "unit": "", "type": "string", "context": "sighup",
                 "source": "configuration file", "bootValue": "", "sourceFile": null, "sourceLine": "",
                 "pendingRestart": false}""".formatted(name, value));
    }

    /** The minor versions of both, as numbers: 140003. */
    SampleCandidate versions(int here, int there) {
        return set("/servers/standby/value/view/identity/version", "\"" + here + "\"")
                .set("/servers/primary/value/view/identity/version", "\"" + there + "\"");
    }

    PromotionFacts facts() {
        return PromotionFacts.read("sample", tree.toString());
    }

    CheckResult check(String id) {
        return CheckCatalogue.all().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow()
                .examine(facts(), Policy.standard());
    }
}
