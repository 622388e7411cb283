package dev.understudy.server.hba;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.hba.HbaComparison.Difference;
import dev.understudy.server.hba.HbaComparison.Kind;
import dev.understudy.server.hba.HbaLogin.Transport;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What two files decide, compared; and their text read. */
final class HbaComparisonTest {
    private static final List<String> DATABASES = List.of("app", "postgres", "shop");
    private static final List<LoginRole> ROLES = List.of(
            role("app", Set.of("app", "readers"), false),
            role("postgres", Set.of("postgres"), true),
            role("rep", Set.of("rep"), true));

    private static LoginRole role(String name, Set<String> groups, boolean replication) {
        return new LoginRole(name, groups, false, replication, Optional.of("scram-sha-256"), Optional.empty());
    }

    private static List<HbaRule> read(String... lines) {
        return new HbaFile(name -> Optional.of("app\nrep # both\n")).read(String.join("\n", lines));
    }

    private static List<Difference> compare(List<HbaRule> wanted, List<HbaRule> found) {
        return new HbaComparison(new HbaRules(wanted), new HbaRules(found)).differences(DATABASES, ROLES);
    }

    @Test
    void rulesThatDecideAlikeAreEqualHoweverTheyAreWritten() {
        List<HbaRule> one = read("host all all 10.0.0.0/23 scram-sha-256", "local all all peer");
        List<HbaRule> other = read(
                "local all postgres,app,rep peer",
                "hostssl all all 10.0.0.0 255.255.255.0 scram-sha-256",
                "hostnossl all all 10.0.0.0/24 md5",
                "host all @both 10.0.1.0/24 md5",
                "host all postgres 10.0.1.0/24 md5");

        assertThat(compare(one, other)).isEmpty();
    }

    @Test
    void aNetworkThatIsTooSmallIsSeenAtItsEdge() {
        List<Difference> differences = compare(
                read("host app app 10.0.0.0/23 md5"),
                read("host app app 10.0.0.0/24 md5", "host all rep 0.0.0.0/0 md5"));

        assertThat(differences).hasSize(1);
        assertThat(differences.get(0).kind()).isEqualTo(Kind.REFUSED);
        assertThat(differences.get(0).other()).isEmpty();
        assertThat(differences.get(0).example())
                .isEqualTo(new HbaLogin(Transport.TLS, "app", "app", Set.of("app", "readers"), "10.0.1.0"));
    }

    @Test
    void aRejectThatComesFirstIsNamedWithItsLine() {
        List<Difference> differences =
                compare(read("local all all peer"), read("# none", "local all +readers reject", "local all all peer"));

        assertThat(differences)
                .singleElement()
                .satisfies(each -> assertThat(each.other().orElseThrow().line()).isEqualTo(2))
                .satisfies(each -> assertThat(each.example().describe())
                        .isEqualTo("role \"app\" to database \"app\" through the Unix socket"));
    }

    @Test
    void anotherProofIsADifferenceAndAnotherHashIsNot() {
        assertThat(compare(read("host all all all trust"), read("host all all all md5")))
                .extracting(Difference::kind)
                .containsOnly(Kind.OTHER_PROOF);
        assertThat(compare(read("host all all all scram-sha-256"), read("host all all all md5")))
                .isEmpty();
    }

    @Test
    void replicationIsNoDatabase() {
        List<Difference> differences = compare(read("host all,replication all all md5"), read("host all all all md5"));

        assertThat(differences)
                .singleElement()
                .satisfies(each -> assertThat(each.example().isReplication()).isTrue());
    }

    @Test
    void sameuserAndSameroleLookAtWhoAsks() {
        assertThat(compare(read("local sameuser all md5"), read("local app app md5", "local postgres postgres md5")))
                .isEmpty();
        assertThat(compare(read("local samerole app md5"), read("local shop app md5")))
                .extracting(each -> each.example().database())
                .containsExactly("app");
    }

    @Test
    void lineContinuationsOfNamesQuotesAndErrorsAreRead() {
        List<HbaRule> rules = read(
                "host \"a b\", app  all  ::1/128  md5 # end",
                "host all all 10.0.0.0/33 md5",
                "host all all 10.0.0.0",
                "remote all all md5",
                "host all all .example.org cert map=x");

        assertThat(rules.get(0).databases()).containsExactly("a b", "app");
        assertThat(rules.get(0).netmask()).contains("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        assertThat(rules.subList(1, 4))
                .extracting(rule -> rule.error().orElseThrow())
                .containsExactly(
                        "invalid CIDR mask in address \"10.0.0.0/33\"",
                        "end-of-line before all fields are there",
                        "invalid connection type \"remote\"");
        assertThat(rules.get(4).address()).contains(".example.org");
        assertThat(rules.get(4).method()).isEqualTo("cert");
    }

    @Test
    void addressesAreShownAsTheServerPrintsThem() {
        List<Difference> differences = compare(read("host app app fe80:0:0:1::/64 md5"), read("local all all md5"));

        assertThat(differences).extracting(each -> each.example().address()).containsExactly("fe80:0:0:1::");
        assertThat(compare(read("host app app ::1/128 md5"), read("local all all md5")))
                .extracting(each -> each.example().address())
                .containsExactly("::1");
    }

    @Test
    void regularExpressionsAndHostNamesAreForThoseWhoFit() {
        HbaRules rules = new HbaRules(read("host \"/^sh\" all .example.org md5"));

        assertThat(rules.admits(new HbaLogin(Transport.TLS, "shop", "app", Set.of("app"), "db.example.org")))
                .isTrue();
        assertThat(rules.admits(new HbaLogin(Transport.TLS, "app", "app", Set.of("app"), "db.example.org")))
                .isFalse();
        assertThat(rules.admits(new HbaLogin(Transport.TLS, "shop", "app", Set.of("app"), "10.0.0.1")))
                .isFalse();
    }
}
