package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.page.PageChecker;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.facts.Depth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damage that only the full depth looks for. */
final class CorruptionIT {
    private static final int PAGE = 8192;

    private PromotionPair pair;
    private byte[] kept = new byte[0];

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#newer")
    void damageOfUsersRelationsIsFoundAtFullDepth(ServerMajor major) {
        try (PromotionPair built = PromotionPair.of(major)) {
            pair = built.depth(Depth.FULL);
            pair.primary().execute("CREATE EXTENSION amcheck", "CREATE EXTENSION pg_visibility", "VACUUM FREEZE t");
            pair.awaitCaughtUp();
            CheckResult sound = PromotionPair.result(pair.examine(), "corruption");
            assertThat(sound.result()).as(String.valueOf(sound)).isEqualTo(Result.PASS);

            pair.take(List.of(
                    new State(
                            "corruption",
                            Result.FAIL,
                            "The standby is damaged: base/",
                            () -> {
                                pair.standby().query("SELECT count(b) FROM t");
                                damagePage();
                            },
                            () -> Files.write(file("t"), kept)),
                    new State(
                            "corruption",
                            Result.FAIL,
                            "The standby is damaged: public.t_b in database \"postgres\": ",
                            this::damageOrder,
                            this::mendOrder)));
        }
    }

    private Path file(String relation) {
        return pair.standby()
                .dataDirectory()
                .resolve(pair.primary().query("SELECT pg_relation_filepath('" + relation + "')"));
    }

    private void damagePage() throws IOException {
        kept = Files.readAllBytes(file("t"));
        byte[] bytes = kept.clone();
        bytes[3 * PAGE + 5000] ^= 8;
        Files.write(file("t"), bytes);
    }

    /** Makes a key greater than those behind it, in a page whose checksum is right: no reader of pages can see it. */
    private void damageOrder() throws IOException {
        pair.standby().stop();
        kept = Files.readAllBytes(file("t_b"));
        byte[] bytes = kept.clone();
        byte[] page = Arrays.copyOfRange(bytes, PAGE, 2 * PAGE);
        int at = find(page, "row 1", PAGE * 3 / 4);
        page[at] = 'z';
        int checksum = new PageChecker(PAGE).check(page, 0, 1, 1).get(0).computed();
        page[8] = (byte) checksum;
        page[9] = (byte) (checksum >>> 8);
        System.arraycopy(page, 0, bytes, PAGE, PAGE);
        Files.write(file("t_b"), bytes);
        pair.standby().start();
        pair.awaitCaughtUp();
    }

    private void mendOrder() throws IOException {
        pair.standby().stop();
        Files.write(file("t_b"), kept);
        pair.standby().start();
        pair.awaitCaughtUp();
    }

    private static int find(byte[] page, String text, int from) {
        int at = new String(page, StandardCharsets.ISO_8859_1).indexOf(text, from);
        assertThat(at).as("a key in the page").isPositive();
        return at;
    }
}
