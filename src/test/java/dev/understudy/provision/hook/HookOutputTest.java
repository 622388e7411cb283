package dev.understudy.provision.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HookOutputTest {
    private final List<HookOutput> read = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final HookOutputStream stream = new HookOutputStream(log, read::add);

    private void write(String text) {
        try {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readsEveryKey() {
        HookOutput output = HookOutput.read("{\"made\": [{\"kind\": \"snapshot\", \"id\": \"snap-1\"}],"
                + " \"devices\": [\"/dev/sdb\"], \"values\": {\"lun\": 3, \"name\": \"a b\"}, \"message\": \"hi\"}");

        assertThat(output.made()).containsExactly(new Made("snapshot", "snap-1"));
        assertThat(output.devices()).containsExactly("/dev/sdb");
        assertThat(output.values()).isEqualTo(Map.of("lun", "3", "name", "a b"));
        assertThat(output.message()).isEqualTo("hi");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | the object is [], expected a JSON object",
                "{\"mad\": []} | unknown key \"mad\" in the object, expected one of: devices, made, message, values",
                "{\"made\": {}} | \"made\" is {}, expected a list",
                "{\"made\": [\"x\"]} | an entry of \"made\" is \"x\", expected a JSON object",
                "{\"made\": [{\"kind\": \"disk\"}]} | an entry of \"made\" has no text \"id\"",
                "{\"made\": [{\"kind\": \"A Disk\", \"id\": \"x\"}]} | \"kind\" is \"A Disk\", expected a word of lower-case letters, digits, - and _",
                "{\"made\": [{\"kind\": \"disk\", \"id\": \"a\\nb\"}]} | \"id\" of a disk is empty or has a control character in it",
                "{\"devices\": [\"sdb\"]} | \"devices\" has \"sdb\", expected absolute paths",
                "{\"values\": {\"A\": 1}} | \"values\" has the name \"A\", expected lower-case letters, digits and underscores",
                "{\"values\": {\"a\": []}} | \"a\" of \"values\" is [], expected a text or a number",
                "{\"message\": 1} | \"message\" is 1, expected a text"
            })
    void saysWhatIsWrong(String json, String message) {
        assertThatThrownBy(() -> HookOutput.read(json)).hasMessage(message);
    }

    @Test
    void anObjectIsTakenTheMomentItsLastBraceIsThere() {
        write("{\"message\": \"a } { \\\" b\"");
        assertThat(read).isEmpty();

        write("}");
        assertThat(read).extracting(HookOutput::message).containsExactly("a } { \" b");

        write("\n {\n \"message\": \"two\"\n}{\"message\": \"three\"}\n");
        assertThat(read).extracting(HookOutput::message).containsExactly("a } { \" b", "two", "three");
        assertThat(stream.problem()).isEmpty();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .startsWith("{\"message\": \"a } {")
                .endsWith("three\"}\n");
    }

    @Test
    void nothingAtAllIsFine() {
        write(" \n");

        assertThat(stream.problem()).isEmpty();
    }

    @Test
    void textIsAProblemAndWhatWasSaidBeforeItStays() {
        write("{\"made\": [{\"kind\": \"disk\", \"id\": \"x\"}]}\nSnapshot taken.\n");

        assertThat(stream.problem()).isEqualTo(Optional.of("\"Snapshot taken.\" is not a JSON object"));
        assertThat(read).hasSize(1);
    }

    @Test
    void textBeforeAnObjectIsAProblem() {
        write("ok {\"message\": \"x\"}");

        assertThat(stream.problem()).isPresent();
        assertThat(read).isEmpty();
    }

    @Test
    void anObjectThatDoesNotEndIsAProblem() {
        write("{\"message\": \"x\"");

        assertThat(stream.problem()).contains("it ends within an object");
    }

    @Test
    void endlessOutputIsCutOff() {
        write("{\"message\": \"" + "x".repeat(1 << 20) + "\"}");

        assertThat(stream.problem()).contains("it is longer than 1048576 bytes");
        assertThat(read).isEmpty();
    }
}
