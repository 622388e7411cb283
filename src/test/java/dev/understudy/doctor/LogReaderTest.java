package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.log.LogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogReaderTest {
    private static final String REMOVED =
            "could not receive data from WAL stream: ERROR:  requested WAL segment 0000000300000000000000AD has already been removed";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-20 10:00:00.123 UTC [4711] ",
                "1763632800.123 4711 ",
                "< 2026-11-20 10:00:00 CET >",
                "[4711]: user=,db=,app=,client= 08006 ",
                "db1 postgres@[local]/app 2026-11-20 10:00:00 UTC: ",
            })
    void findsAMessageBehindAnyPrefix(String prefix) {
        LogFacts log = LogReader.read("log", prefix + "FATAL:  " + REMOVED + "\n", false);

        assertThat(log.format()).isEqualTo("stderr");
        assertThat(log.events()).extracting(LogEvent::id).containsExactly("wal-segment-removed");
        assertThat(log.events().get(0).values()).containsExactly("0000000300000000000000AD");
    }

    @Test
    void countsTheSameMessageAndKeepsTheFirstAndTheLastTime() {
        LogFacts log = LogReader.read(
                "log",
                "2026-11-20 10:00:00 UTC FATAL:  " + REMOVED
                        + "\n2026-11-20 10:00:05 UTC LOG:  waiting for WAL to become"
                        + " available at 3/AD000018\n2026-11-20 10:00:10 UTC FATAL:  " + REMOVED + "\n",
                false);

        LogEvent event = log.newest("wal-segment-removed").orElseThrow();
        assertThat(event.count()).isEqualTo(2);
        assertThat(event.firstTime()).isEqualTo("2026-11-20 10:00:00 UTC");
        assertThat(event.lastTime()).isEqualTo("2026-11-20 10:00:10 UTC");
        assertThat(event.describe()).isEqualTo("2026-11-20 10:00:10 UTC: " + REMOVED + " (2 times)");
    }

    @Test
    void whatAClientIsToldDuringAShutdownIsNoLastWordOfTheServer() {
        LogFacts log = LogReader.read("log", """
                2026-11-20 10:00:00 UTC LOG:  received fast shutdown request
                2026-11-20 10:00:00 UTC FATAL:  the database system is shutting down
                2026-11-20 10:00:01 UTC LOG:  database system is shut down
                """, false);

        assertThat(log.events()).extracting(LogEvent::id).containsExactly("shutdown", "not-yet-open", "ended");
    }

    @Test
    void readsCsvWithQuotesAndNewlinesInItsFields() {
        String line =
                "2026-11-20 10:00:00.000 UTC,,,4711,,673f,1,,2026-11-20 09:00:00 UTC,,0,FATAL,08006,\"%s\",,,,,,\"SELECT \"\"a,\nb\"\"\",,,\"\",\"walreceiver\",,0\n";
        LogFacts log = LogReader.read("log.csv", line.formatted(REMOVED).repeat(2), false);

        assertThat(log.format()).isEqualTo("csvlog");
        assertThat(log.events())
                .extracting(LogEvent::id, LogEvent::sqlState, LogEvent::count)
                .containsExactly(tuple("wal-segment-removed", "08006", 2));
    }

    @Test
    void readsJsonAndLeavesStatementsOut() {
        String line =
                "{\"timestamp\":\"2026-11-20 10:00:00.000 UTC\",\"pid\":7,\"error_severity\":\"FATAL\",\"state_code\":\"08006\",\"message\":\"%s\",\"statement\":\"ALTER ROLE r PASSWORD 'x'\"}\n";
        LogFacts log = LogReader.read("log.json", "cut off\"}\n" + line.formatted(REMOVED), false);

        assertThat(log.format()).isEqualTo("jsonlog");
        assertThat(log.events()).extracting(LogEvent::id).containsExactly("wal-segment-removed");
        assertThat(log.toString()).doesNotContain("ALTER ROLE");
    }

    @Test
    void understandsAnotherLanguageByItsSqlStatesAndSaysSo() {
        LogFacts log = LogReader.read(
                "log",
                "2026-11-20 10:00:00 UTC [7] 00000 LOG:  Datenbanksystem ist bereit\n"
                        + "2026-11-20 10:00:00 UTC [7] 28P01 FATAL:  Passwort-Authentifizierung für Benutzer »r« fehlgeschlagen\n"
                        + "2026-11-20 10:00:00 UTC [7] 53100 FEHLER:  konnte nicht schreiben\n"
                        + "2026-11-20 10:00:00 UTC [7] 57P03 FEHLER:  fährt hoch\n2026-11-20 10:00:00 UTC [7] 00000 HINWEIS:  x\n",
                false);

        assertThat(log.events()).extracting(LogEvent::id).contains("disk-full", "not-yet-open");
        assertThat(log.translated()).isTrue();
    }

    /** Logs of PostgreSQL 15 with lc_messages of that language, primary in English; lines that repeat are left out. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "fr"})
    void ofARealLogInAnotherLanguageUnderstandsWhatThePrimarySaid(String language) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/dev/understudy/doctor/log/" + language + "-15.log"));

        LogFacts log = LogReader.read("log", text, false);

        assertThat(log.translated()).isTrue();
        assertThat(log.events())
                .extracting(LogEvent::id, event -> event.value(0))
                .containsExactly(tuple("no-such-role", "nobody_here"), tuple("slot-missing", "absent"));
    }

    @Test
    void keepsNoPassword() {
        LogFacts log = LogReader.read(
                "log", "FATAL:  invalid connection option \"x\" in host=p password=secret user=r\n", false);

        assertThat(log.events().get(0).text()).contains("password=********").doesNotContain("secret");
    }

    @Test
    void sinceStartIsWhatCameAfterTheLastStart() {
        LogFacts log = LogReader.read(
                "log",
                "LOG:  database system was interrupted\nFATAL:  " + REMOVED
                        + "\nLOG:  database system was shut down in recovery at 2026-11-20 10:00:00 UTC\nLOG:  entering standby mode\n",
                false);

        assertThat(log.newest("wal-segment-removed")).isEmpty();
        assertThat(log.events()).extracting(LogEvent::id).contains("wal-segment-removed");
    }

    @Test
    void germanIsToldThoughItsSeveritiesAreEnglish() {
        LogFacts log = LogReader.read("log", """
                2026-11-20 17:53:21.686 UTC [8384] 00000 LOG:  Datenbanksystem wurde am 2026-11-20 17:53:17 UTC heruntergefahren
                2026-11-20 17:53:22.422 UTC [8142] 00000 LOG:  Datenbanksystem ist bereit, um Verbindungen anzunehmen
                2026-11-20 17:53:22.703 UTC [8509] 28000 FATAL:  Rolle »nobody_here« existiert nicht
                2026-11-20 17:53:22.869 UTC [8142] 00000 LOG:  schnelles Herunterfahren verlangt
                """, false);

        assertThat(log.translated()).isTrue();
    }

    @Test
    void englishOfWhichNothingIsInTheCatalogueIsNotTakenForAnotherLanguage() {
        LogFacts log = LogReader.read("log", """
                2026-11-20 17:53:21.686 UTC [8384] LOG:  checkpoint complete: wrote 3 buffers (0.0%)
                2026-11-20 17:53:22.422 UTC [8142] LOG:  connection received: host=127.0.0.1 port=36548
                2026-11-20 17:53:22.703 UTC [8509] LOG:  duration: 12.345 ms
                """, false);

        assertThat(log.events()).isEmpty();
        assertThat(log.translated()).isFalse();
    }

    @Test
    void statementsAreLeftOutInAnyLanguage() {
        LogFacts log = LogReader.read("log", """
                2026-11-20 17:57:18.526 UTC [29893] 53100 FEHLER:  konnte nicht schreiben
                2026-11-20 17:57:18.526 UTC [29893] 53100 ANWEISUNG:  ALTER ROLE r PASSWORD 'geheim'
                """, false);

        assertThat(log.events()).extracting(LogEvent::text).containsExactly("konnte nicht schreiben");
    }
}
