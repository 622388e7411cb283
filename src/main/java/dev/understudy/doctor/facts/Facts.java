package dev.understudy.doctor.facts;

import dev.understudy.host.FileSystemUsage;
import dev.understudy.postgres.Known;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that was seen in one examination. Rules see this and nothing else. What was not seen carries its reason: {@code
 * "not given"}, or {@code "could not …"}. It holds no secret.
 *
 * @param version of this model
 * @param given what there was to look at
 * @param examinedAt when, by the clock of the machine that gathered
 * @param directory the standby's data directory
 * @param log messages of the standby's log that mean something
 * @param standby the standby, asked through SQL
 * @param primary the primary, asked through SQL
 * @param archive what restore_command reads
 * @param receiver what a pg_receivewal-like receiver writes
 * @param bundles backups in two commands that were begun on the machine that examines
 * @param primaryDisk the file system of the primary's WAL
 * @param cutShort tables of the standby whose file ends before rows that the primary shows
 */
public record Facts(
        int version,
        Given given,
        Instant examinedAt,
        Known<DirectoryFacts> directory,
        Known<LogFacts> log,
        Known<Attempt> standby,
        Known<Attempt> primary,
        Known<SegmentDirectory> archive,
        Known<SegmentDirectory> receiver,
        Known<List<BundleFacts>> bundles,
        Known<FileSystemUsage> primaryDisk,
        Known<List<String>> cutShort) {
    public static final int VERSION = 1;
    public static final String NOT_GIVEN = "not given";

    /**
     * Something that was not looked at.
     *
     * @param what such as {@code archive}
     * @param why such as {@code no --archive given}
     */
    public record NotExamined(String what, String why) {}

    /** What could not be seen of all this, and why. */
    public List<NotExamined> notExamined() {
        List<NotExamined> missing = new ArrayList<>();
        note(missing, "data directory", "-D", directory);
        note(missing, "log", "--log", log);
        note(missing, "standby", "--standby", standby);
        note(missing, "primary", "--primary", primary);
        note(missing, "archive", "--archive", archive);
        note(missing, "receiver", "--receiver", receiver);
        log.value().ifPresent(found -> found.notExamined(missing, speaksAnotherLanguage()));
        if (!primaryDisk.isKnown() && !primaryDisk.reason().equals(NOT_GIVEN)) {
            missing.add(new NotExamined("free space of the primary", primaryDisk.reason()));
        }
        if (!cutShort.isKnown() && !cutShort.reason().equals(NOT_GIVEN)) {
            missing.add(new NotExamined("whether tables end before the primary's rows", cutShort.reason()));
        }
        attempt(missing, "standby", standby);
        attempt(missing, "primary", primary);
        directory.value().ifPresent(found -> found.notExamined(missing));
        standby.value().flatMap(Attempt::view).ifPresent(view -> view.notExamined("standby: ", missing));
        primary.value().flatMap(Attempt::view).ifPresent(view -> view.notExamined("primary: ", missing));
        archive.value().ifPresent(found -> found.notExamined("archive", missing));
        receiver.value().ifPresent(found -> found.notExamined("receiver", missing));
        return List.copyOf(missing);
    }

    /** The same, with more known of the primary. */
    public Facts withPrimary(Known<Attempt> seen, Known<FileSystemUsage> disk, Known<List<String>> cut) {
        return new Facts(
                version, given, examinedAt, directory, log, standby, seen, archive, receiver, bundles, disk, cut);
    }

    /** By the setting: a log may be too short to tell by its words. */
    private boolean speaksAnotherLanguage() {
        Optional<String> language = standby.value()
                .flatMap(Attempt::view)
                .flatMap(view -> view.setting("lc_messages"))
                .or(() -> directory
                        .value()
                        .flatMap(found -> found.setting("lc_messages"))
                        .map(ConfiguredSetting::value));
        return language.filter(name -> !name.matches("|C|C\\..*|POSIX|en(?:[_.@].*)?|English.*"))
                .isPresent();
    }

    private static void attempt(List<NotExamined> missing, String what, Known<Attempt> fact) {
        fact.value()
                .flatMap(Attempt::failure)
                .ifPresent(failure ->
                        missing.add(new NotExamined(what + " through SQL", "could not connect: " + failure.message())));
    }

    private static void note(List<NotExamined> missing, String what, String option, Known<?> fact) {
        if (!fact.isKnown()) {
            boolean notGiven = fact.reason().equals(NOT_GIVEN);
            missing.add(new NotExamined(what, notGiven ? "no " + option + " given" : fact.reason()));
        }
    }

    static void note(List<NotExamined> missing, String what, Known<?> fact) {
        if (!fact.isKnown()) {
            missing.add(new NotExamined(what, fact.reason()));
        }
    }
}
