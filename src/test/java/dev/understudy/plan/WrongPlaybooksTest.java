package dev.understudy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.error.Category;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus of wrong playbooks: beside each {@code NAME.yaml} stands {@code NAME.txt} with the exact message, detail
 * and code. Lines {@code # -e K=V} at its start are given to it. With {@code -Dunderstudy.corpus=write} missing texts
 * are written, to be read by a person before they are committed.
 */
final class WrongPlaybooksTest {
    static final Path CORPUS = Path.of("src/test/resources/dev/understudy/plan/wrong");

    static Stream<String> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void isRefusedWithItsMessage(String name) throws IOException {
        Path expected = CORPUS.resolve(name + ".txt");
        String refusal = refusal(name);
        if (Files.notExists(expected) && "write".equals(System.getProperty("understudy.corpus"))) {
            Files.writeString(expected, refusal);
        }

        assertThat(refusal).isEqualTo(Files.readString(expected));
    }

    /** A rule that no wrong playbook breaks is a rule that nobody has tried. */
    @Test
    void everyRuleOfOrderIsBrokenByAPlaybookOfTheCorpus() throws IOException {
        Set<String> said = new HashSet<>();
        for (String name : corpus().toList()) {
            Files.readString(CORPUS.resolve(name + ".txt")).lines().forEach(said::add);
        }

        assertThat(OrderRules.all())
                .allSatisfy(rule -> assertThat(said).anyMatch(line -> line.endsWith(": " + rule.message())));
        assertThat(OrderRules.all()).extracting(OrderRule::message).doesNotHaveDuplicates();
    }

    private static String refusal(String name) throws IOException {
        String text = Files.readString(CORPUS.resolve(name + ".yaml"));
        try {
            Playbook.read(name + ".yaml", text).resolve(given(text));
            return "accepted\n";
        } catch (UnderstudyException e) {
            assertThat(e.code().category()).isEqualTo(Category.USAGE);
            String detail = e.detail().isEmpty() ? "" : e.detail() + "\n";
            return e.message() + "\n" + detail + e.code() + "\n";
        }
    }

    private static Map<String, String> given(String text) {
        Map<String, String> given = new TreeMap<>();
        text.lines().takeWhile(line -> line.startsWith("# -e ")).forEach(line -> {
            String[] pair = line.substring("# -e ".length()).split("=", 2);
            given.put(pair[0], pair[1]);
        });
        return given;
    }
}
