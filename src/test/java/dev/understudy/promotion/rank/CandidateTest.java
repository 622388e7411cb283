package dev.understudy.promotion.rank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Lsn;
import dev.understudy.promotion.Certificate;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CandidateTest {
    private static final CheckResult FAILS =
            CheckResult.builder("wal-intact").seen("WAL", "a hole").fail("There is a hole", "Mend it");
    private static final CheckResult WARNS =
            CheckResult.builder("data-checksums").seen("data_checksums", "off").warn("They are off", "");

    private static Candidate candidate(String name, String end, CheckResult... checks) {
        Certificate certificate = new Certificate(Instant.EPOCH, name, "local", Optional.empty(), Map.of());
        return new Candidate(name, new Verdict(certificate, List.of(checks)), Lsn.parse(end));
    }

    @Test
    void goComesFirstThenTheMostWalThenTheFewestFindings() {
        List<Candidate> ranked = Candidate.rank(List.of(
                candidate("damaged", "0/9000000", FAILS),
                candidate("behind", "0/2000000"),
                candidate("warned", "0/3000000", WARNS),
                candidate("best", "0/3000000")));

        assertThat(ranked).extracting(Candidate::name).containsExactly("best", "warned", "behind", "damaged");
    }

    @Test
    void aLineSaysWhereItIsAndWhatWasFound() {
        assertThat(candidate("host=db2", "0/3000000", FAILS, WARNS).describe())
                .isEqualTo("host=db2: no-go, has WAL up to 0/3000000; fails: wal-intact; warns: data-checksums");
        assertThat(candidate("host=db3", "0/3000000").describe()).isEqualTo("host=db3: go, has WAL up to 0/3000000");
    }
}
