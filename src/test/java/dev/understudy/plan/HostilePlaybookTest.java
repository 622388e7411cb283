package dev.understudy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
final class HostilePlaybookTest {
    private static final String PIECES = "{}[]:,-?*&!|>'\"%@`#\n\t \\$~<=\u0000\u0085\uFEFF\uD800\u202E0a";

    @Test
    void aPlaybookThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> Playbook.read("x", "a".repeat(YamlDocument.LONGEST + 1)))
                .hasMessage("x:1:1: the playbook is too long, expected at most 262144 characters");
    }

    @Test
    void endlessNestingIsRefusedEarly() {
        for (String piece : List.of("[", "{a: ", "- ", "? ", "[{? ", "!!map {", "&a [")) {
            refused(piece.repeat(YamlDocument.LONGEST / piece.length()));
        }
    }

    @Test
    void manyValuesAndManyProblemsAreBounded() {
        refused("understudy: 1\nsteps:\n" + "- a\n".repeat(60_000));
        UnderstudyException error = refused("understudy: 1\nname: x\nsteps:\n" + "- a\n".repeat(5_000));
        assertThat(error.detail().lines()).hasSizeLessThan(30);
        refused("understudy: 1\nname: " + "x".repeat(200_000) + "\nsteps: [preflight]\n");
    }

    @Test
    void shippedPlaybooksWithDamageAreReadOrRefusedAndNothingElse() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            StringBuilder text = new StringBuilder(Playbooks.load(Playbooks.shipped()
                            .get(random.nextInt(Playbooks.shipped().size())))
                    .text());
            int changes = 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                int at = random.nextInt(text.length());
                char piece = PIECES.charAt(random.nextInt(PIECES.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, piece);
                    case 1 -> text.insert(at, piece);
                    default -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
                }
            }
            readOrRefused(text.toString());
        }
    }

    private static void readOrRefused(String text) {
        try {
            Plan plan = Playbook.read("x", text)
                    .resolve(Map.of("primary", "host=p password=Secret", "data_directory", "/d"));
            RedactedPlan redacted = plan.redacted();
            assertThat(redacted.values().toString() + redacted.playbookText()).doesNotContain("Secret");
        } catch (UnderstudyException e) {
            assertThat(e.code()).isIn(ErrorCode.PLAYBOOK_INVALID, ErrorCode.PARAMETER_INVALID);
            assertThat(e.message()).matches("x:[0-9]+:[0-9]+: .*");
            assertThat(e.describe()).doesNotContain("Secret");
        } catch (RuntimeException | Error e) {
            throw new AssertionError("with the playbook\n" + text, e);
        }
    }

    private static UnderstudyException refused(String text) {
        try {
            Playbook.read("x", text);
        } catch (UnderstudyException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.PLAYBOOK_INVALID);
            assertThat(e.message()).hasSizeLessThan(600);
            return e;
        }
        throw new AssertionError("was read: " + text.substring(0, 40));
    }
}
