package dev.understudy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedactionTest {
    private static final String HEAD = "understudy: 1\nname: x\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "host=p user=u|host=p user=u",
                "host=p password=Secret user=u|host=p  user=u",
                "host=p password = 'Sec ret\\'Secret' user=u|host=p  user=u",
                "password=Sec\\ ret|~~",
                "password='Secret|~~",
                "sslpassword=Secret host=p|host=p",
                "postgresql://u:Secret@p:5432/db|postgresql://u@p:5432/db",
                "postgresql://u:Se?cret@p/db|postgresql://u@p/db",
                "postgres://u:Secret@p/db?sslmode=require&password=Secret|postgres://u@p/db?sslmode=require&",
                "postgresql://p/db?pass%77ord=Secret&connect_timeout=3|postgresql://p/db?connect_timeout=3",
                "postgresql://u@p:5432/db?application_name=a|postgresql://u@p:5432/db?application_name=a",
                "PGPASSWORD=Secret psql -h p|psql -h p",
                "psql 'postgresql://u:Secret@p/db' -c x|psql 'postgresql://u@p/db' -c x",
                "ssh://user:Secret@host:22|ssh://user@host:22",
                "ssh://user@host:22|ssh://user@host:22",
                "password_encryption=scram-sha-256|password_encryption=scram-sha-256"
            })
    void passwordsAreTakenOutOfText(String text, String expected) {
        assertThat(Secrets.strip(text)).isEqualTo(expected);
    }

    @Test
    void aPasswordInAParametersValueIsWithheld() {
        RedactedPlan redacted = Playbooks.load("standby")
                .resolve(Map.of("primary", "host=p password=Secret", "data_directory", "/d"))
                .redacted();

        assertThat(redacted.values()).containsEntry("primary", "host=p").containsEntry("data_directory", "/d");
        assertThat(redacted.withheld()).containsExactly("primary");
        assertThat(redacted.playbookText()).isEqualTo(Playbooks.load("standby").text());
    }

    @Test
    void withoutPasswordsNothingChanges() {
        Map<String, String> given = Map.of("primary", "host=p", "data_directory", "/d");

        RedactedPlan redacted = Playbooks.load("standby").resolve(given).redacted();

        assertThat(redacted.values()).isEqualTo(given);
        assertThat(redacted.withheld()).isEmpty();
    }

    @Test
    void passwordsWrittenIntoThePlaybookAreTakenOutOfItsText() {
        String text = HEAD + """
                # was: password=Secret
                parameters:
                  primary: {default: "postgresql://u:Secret@p/db"}
                  token: {default: Secret}
                primary: {connect: host=p password=Secret port=5432}
                standby:
                  data_directory: >-
                    /d
                    password=Secret
                steps:
                  - preflight
                """;

        RedactedPlan redacted = Playbook.read("x", text).resolve(Map.of()).redacted();

        assertThat(redacted.playbookText()).doesNotContain("Secret");
        assertThat(redacted.withheld())
                .containsExactly("primary", "primary.connect", "standby.data_directory", "token");
        Plan again = Playbook.read("x", redacted.playbookText()).resolve(redacted.values());
        assertThat(again.primary().connect()).isEqualTo("host=p  port=5432");
        assertThat(again.standby().dataDirectory()).isEqualTo("/d");
    }

    @Test
    void aParameterThatIsAPasswordIsWithheldAsAWhole() {
        String text = HEAD + """
                parameters: {pw: {}, word: {secret: true}}
                primary: {connect: "host=p password=${pw}"}
                standby: {data_directory: "/d/${word}"}
                steps:
                  - preflight
                """;

        RedactedPlan redacted = Playbook.read("x", text)
                .resolve(Map.of("pw", "Secret1", "word", "Secret2"))
                .redacted();

        assertThat(redacted.values()).isEmpty();
        assertThat(redacted.withheld()).containsExactly("pw", "word");
        assertThat(redacted.playbookText()).isEqualTo(text);
    }

    @Test
    void hostileTextIsSearchedInReasonableTime() {
        String hostile = "password='" + "\\".repeat(200_000);
        assertThat(Secrets.strip(hostile)).isEmpty();
        assertThat(Secrets.strip("a".repeat(200_000) + "://")).hasSize(200_003);
        assertThat(Secrets.strip("_".repeat(200_000))).hasSize(200_000);
        assertThat(Secrets.strip("password" + " ".repeat(200_000))).isEqualTo("password" + " ".repeat(200_000));
    }
}
