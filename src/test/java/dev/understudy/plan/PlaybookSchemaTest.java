package dev.understudy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

final class PlaybookSchemaTest {
    /** With {@code -Dunderstudy.corpus=write} the file is written anew. */
    @Test
    void theShippedSchemaIsTheGeneratedOne() throws IOException {
        Path shipped = Path.of("playbooks/schema.json");
        if ("write".equals(System.getProperty("understudy.corpus"))) {
            Files.writeString(shipped, PlaybookSchema.text());
        }

        assertThat(PlaybookSchema.text()).isEqualTo(Files.readString(shipped));
    }

    static List<String> shipped() {
        return Playbooks.shipped();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void acceptsTheShippedPlaybooks(String name) {
        assertThat(violations(Playbooks.load(name).text())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slot: 123",
                "slot: true",
                "slot: ''",
                "slot:",
                "slot: ${s}",
                "wal: ${s}",
                "keep_free: 1kB",
                "keep_free: '${s}GB'",
                "restore_command: 5"
            })
    void acceptsWhatTheParserAccepts(String argument) {
        String text = "understudy: 1\nname: 7\nparameters: {s: {default: slot}}\nprimary: {connect: host=p}\n"
                + "standby: {data_directory: /d}\nsteps:\n  - preflight: {skip: [a, b]}\n  - reserve-wal:\n      "
                + argument + "\n  - basebackup\n  - render-recovery\n";
        Playbook.read("x", text);

        assertThat(violations(text)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.understudy.plan.WrongPlaybooksTest#corpus")
    void whatItRefusesTheParserRefusesToo(String name) throws IOException {
        // The parser refuses all of the corpus; this one asks that the schema finds what it can find.
        String text = Files.readString(WrongPlaybooksTest.CORPUS.resolve(name + ".yaml"));
        boolean beyondTheSchema = name.startsWith("order-")
                || name.startsWith("given-")
                || name.startsWith("yaml-")
                || BEYOND.contains(name);

        assertThat(violations(text).isEmpty())
                .as("violations: %s", violations(text))
                .isEqualTo(beyondTheSchema && !STRICT.contains(name));
    }

    /** What only the parser can see. */
    private static final List<String> BEYOND = List.of(
            "parameter-none-declared",
            "parameter-required-with-default",
            "parameter-unclosed",
            "parameter-unknown",
            "shape-duplicate-argument",
            "shape-duplicate-key",
            "shape-no-primary",
            "shape-no-standby",
            "value-archive-without-command",
            "value-connect",
            "value-connect-empty",
            "value-duration-endless",
            "value-duration-zero",
            "value-host",
            "value-label-two-lines",
            "value-relative-directory",
            "value-settings",
            "value-settings-twice",
            "value-size-too-large",
            "value-skip",
            "value-standby-host-none",
            "value-tablespaces",
            "value-tablespaces-same-target");

    /** Broken YAML, and YAML that the schema refuses for what it has. */
    private static final List<String> STRICT = List.of(
            "yaml-alias",
            "yaml-broken",
            "yaml-control-character",
            "yaml-deep",
            "yaml-merge",
            "yaml-tab",
            "yaml-tag",
            "yaml-tagged-mapping",
            "yaml-two-documents");

    private static List<String> violations(String text) {
        LoadSettings settings =
                LoadSettings.builder().setAllowDuplicateKeys(true).build();
        Object value;
        try {
            value = new Load(settings).loadFromString(text);
        } catch (YamlEngineException e) {
            return List.of("not YAML");
        }
        return new SchemaChecker().check(PlaybookSchema.schema(), value == null ? Map.of() : value);
    }
}
