package dev.understudy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of the URIs are those of libpq's own regression test, {@code src/interfaces/libpq/t/001_uri.pl}. */
final class ConninfoTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "postgresql://uri-user:secret@host:12345/db | user=uri-user password=secret host=host port=12345 dbname=db",
                "postgresql://uri-user@host:12345/db | user=uri-user host=host port=12345 dbname=db",
                "postgresql://uri-user@host/db | user=uri-user host=host dbname=db",
                "postgresql://host:12345/db | host=host port=12345 dbname=db",
                "postgresql://uri-user@host:12345/ | user=uri-user host=host port=12345",
                "postgresql://uri-user@ | user=uri-user",
                "postgresql://host:12345 | host=host port=12345",
                "postgresql://host | host=host",
                "postgresql:// | ``",
                "postgresql://?hostaddr=127.0.0.1 | hostaddr=127.0.0.1",
                "postgresql://example.com?hostaddr=63.1.2.4 | host=example.com hostaddr=63.1.2.4",
                "postgresql://%68ost/ | host=host",
                "postgresql://host/db?user=uri-user&port=12345 | host=host dbname=db user=uri-user port=12345",
                "postgresql://host/db?u%73er=someotheruser&port=12345 | host=host dbname=db user=someotheruser port=12345",
                "postgresql://host:12345?user=uri-user | host=host port=12345 user=uri-user",
                "postgresql://host? | host=host",
                "postgresql://[::1]:12345/db | host=::1 port=12345 dbname=db",
                "postgresql://[2001:db8::1234]/ | host=2001:db8::1234",
                "postgresql://[200z:db8::1234]/ | host=200z:db8::1234",
                "postgres:// | ``",
                "postgres:/// | ``",
                "postgres:///db | dbname=db",
                "postgres://uri-user@/db | user=uri-user dbname=db",
                "postgres://?host=/path/to/socket/dir | host=/path/to/socket/dir",
                "postgres://@host | host=host",
                "postgres://host:/ | host=host",
                "postgres://:12345/ | port=12345",
                "postgres://otheruser@:12345/db?host=/path/to/socket | user=otheruser port=12345 dbname=db host=/path/to/socket",
                "postgres://%2Fvar%2Flib%2Fpostgresql/dbname | host=/var/lib/postgresql dbname=dbname",
                "postgresql://host?sslmode=disable | host=host sslmode=disable",
                "postgresql://host?ssl=true | host=host sslmode=require",
                "postgresql://a:1,b,[::2]:3/db | host=a,b,::2 port=1,,3 dbname=db",
                "postgresql://u:p%40ss%3A@h | user=u password=p@ss: host=h",
            })
    void uriIsReadAsLibpqDoes(String uri, String pairs) {
        assertThat(Conninfo.parse(uri).values()).isEqualTo(map(pairs));
    }

    private static Map<String, String> map(String pairs) {
        Map<String, String> values = new java.util.LinkedHashMap<>();
        for (String pair : pairs.isEmpty() ? new String[0] : pairs.split(" ")) {
            values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "postgresql://host/db?u%7aer=someotheruser&port=12345 | invalid URI query parameter: \"uzer\"",
                "postgresql://host?uzer= | invalid URI query parameter: \"uzer\"",
                "postgre:// | missing \"=\" after \"postgre://\" in connection string",
                "postgre://u:geheim@h | missing \"=\" after \"postgre://********@h\" in connection string",
                "postgres://[::1 | end of string reached when looking for matching \"]\" in IPv6 host address in connection URI",
                "postgres://[] | IPv6 host address may not be empty in connection URI",
                "postgres://[::1]z | unexpected character \"z\" at position 17 in connection URI (expected \":\" or \"/\")",
                "postgresql://host?zzz | missing key/value separator \"=\" in URI query parameter: \"zzz\"",
                "postgresql://host?value1&value2 | missing key/value separator \"=\" in URI query parameter: \"value1\"",
                "postgresql://host?key=key=value | extra key/value separator \"=\" in URI query parameter: \"key\"",
                "postgres://host?dbname=%XXfoo | invalid percent-encoded token: \"%XXfoo\"",
                "postgresql://a%00b | forbidden value %00 in percent-encoded value: \"a%00b\"",
                "postgresql://%zz | invalid percent-encoded token: \"%zz\"",
                "postgresql://%1 | invalid percent-encoded token: \"%1\"",
                "postgresql://% | invalid percent-encoded token: \"%\"",
                "postgresql://u:geheim%zz@h | invalid percent-encoded token",
                "postgresql://h?password=geheim%zz | invalid percent-encoded token",
                "host=a uzer=b | invalid connection option \"uzer\"",
                "host | missing \"=\" after \"host\" in connection string",
                "host='a | unterminated quoted string in connection string",
            })
    void whatLibpqRefusesIsRefusedWithoutTellingSecrets(String text, String message) {
        assertThatThrownBy(() -> Conninfo.parse(text)).isInstanceOfSatisfying(UnderstudyException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONNINFO_INVALID);
            assertThat(e.message()).isEqualTo(message);
            assertThat(e.describe()).doesNotContain("geheim");
        });
    }

    @Test
    void keywordsAreReadAsLibpqDoes() {
        Conninfo conninfo = Conninfo.parse(" host = 'a b'  user=o\\'brien password='it\\'s \\\\' dbname='' port=1 ");
        assertThat(conninfo.values())
                .isEqualTo(Map.of("host", "a b", "user", "o'brien", "password", "it's \\", "dbname", "", "port", "1"));
    }

    @Test
    void printedFormReadsBackAsTheSame() {
        Conninfo conninfo = Conninfo.empty()
                .with("host", "/a dir")
                .with("user", "o'b\\r")
                .with("password", " =x")
                .with("dbname", "");
        assertThat(conninfo.keywords()).isEqualTo("host='/a dir' user='o\\'b\\\\r' password=' =x' dbname=''");
        assertThat(Conninfo.parse(conninfo.keywords())).isEqualTo(conninfo);
    }

    @Test
    void secretsAreNotShown() {
        Conninfo conninfo = Conninfo.parse("postgresql://u:geheim@h/?sslpassword=geheim&oauth_client_secret=geheim");
        assertThat(conninfo.toString())
                .isEqualTo("user=u password=******** host=h sslpassword=******** oauth_client_secret=********");
        assertThat(conninfo.withoutSecrets().keywords()).isEqualTo("user=u host=h");
    }

    @Test
    void optionsCanBeSetAndTakenAway() {
        Conninfo conninfo = Conninfo.parse("host=a user=b").with("host", "c").without("user");
        assertThat(conninfo.keywords()).isEqualTo("host=c");
        assertThat(conninfo.get("user")).isEmpty();
        assertThatThrownBy(() -> conninfo.with("uzer", "x")).hasMessage("invalid connection option \"uzer\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9.6 | host=h user=u password=p sslmode=prefer",
                "10 | host=h user=u password=p sslmode=prefer passfile=f",
                "12 | host=h user=u password=p sslmode=prefer passfile=f gssencmode=disable",
                "13 | host=h user=u password=p sslmode=prefer passfile=f gssencmode=disable channel_binding=prefer"
                        + " ssl_min_protocol_version=TLSv1.2",
                "14 | host=h user=u password=p sslmode=prefer passfile=f gssencmode=disable channel_binding=prefer"
                        + " ssl_min_protocol_version=TLSv1.2 target_session_attrs=primary",
                "16 | host=h user=u password=p sslmode=prefer passfile=f gssencmode=disable channel_binding=prefer"
                        + " ssl_min_protocol_version=TLSv1.2 target_session_attrs=primary sslcertmode=allow",
                "17 | host=h user=u password=p sslmode=prefer passfile=f gssencmode=disable channel_binding=prefer"
                        + " ssl_min_protocol_version=TLSv1.2 target_session_attrs=primary sslcertmode=allow"
                        + " sslnegotiation=postgres",
            })
    void primaryConninfoHasOnlyWhatTheServersLibpqKnows(String major, String expected) {
        Conninfo all = Conninfo.parse("host=h user=u password=p sslmode=prefer passfile=f gssencmode=disable"
                + " channel_binding=prefer ssl_min_protocol_version=TLSv1.2 target_session_attrs=primary"
                + " sslcertmode=allow sslnegotiation=postgres replication=true");
        assertThat(all.forPrimaryConninfo(ServerMajor.parse(major))).isEqualTo(expected);
    }
}
