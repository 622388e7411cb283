package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.archive.ArchivePlace;
import dev.understudy.promotion.archive.ArchivePlace.Kind;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.LibraryFile;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Archiving that goes on: archive_mode, and a command or library that does what the primary's does. */
public final class ArchiveCommandCheck implements PromotionCheck {
    private static final String ID = "archive-command";
    private static final String COMMAND = "archive_command";
    private static final String LIBRARY = "archive_library";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.settings().standby(),
                standby -> judge(
                        standby, facts.settings().primary(), facts.settings().libraries(), refusesBoth(facts)));
    }

    /** From 16 on the archiver does not run with both; 15 takes the library. */
    private static boolean refusesBoth(PromotionFacts facts) {
        return facts.standby()
                .map(view -> view.identity().version().major().isAtLeast(ServerMajor.V16))
                .orElse(false);
    }

    private static CheckResult judge(
            Map<String, Setting> standby,
            Known<Map<String, Setting>> primary,
            Known<List<LibraryFile>> libraries,
            boolean refusesBoth) {
        CheckResult.Builder result = CheckResult.builder(ID);
        seen(result, "", standby);
        primary.value().ifPresent(found -> seen(result, " of the primary", found));
        boolean wanted = primary.value().filter(ArchiveCommandCheck::archives).isPresent();
        if (Compared.text(standby, "archive_mode").equals("off")) {
            return wanted
                    ? result.fail(
                            "archive_mode is off, while the primary archives: the new primary's WAL would not be kept",
                            "On the standby: ALTER SYSTEM SET archive_mode = 'on'; then restart it")
                    : result.warn(
                            "archive_mode is off" + (primary.isKnown() ? ", as on the primary" : ""),
                            "If WAL is to be archived: ALTER SYSTEM SET archive_mode = 'on'; then restart the standby");
        }
        String command = Compared.text(standby, COMMAND);
        String library = Compared.text(standby, LIBRARY);
        if (refusesBoth && !library.isEmpty() && !command.isEmpty() && !command.equals("(disabled)")) {
            return result.fail(
                    "archive_command and archive_library are both set, with which the archiver does not run",
                    "On the standby: ALTER SYSTEM RESET archive_command; SELECT pg_reload_conf();");
        }
        Optional<LibraryFile> missing = libraries.orElse(List.of()).stream()
                .filter(file -> file.user().equals(LIBRARY) && file.there().is(false))
                .findFirst();
        if (missing.isPresent()) {
            return result.seen(
                            "file system of the standby",
                            "no file " + missing.get().file())
                    .fail(
                            "archive_library \"%s\" is not installed on the standby's host".formatted(library),
                            "Install the package that has it");
        }
        return judgeCommand(result, standby, primary, wanted);
    }

    private static CheckResult judgeCommand(
            CheckResult.Builder result,
            Map<String, Setting> standby,
            Known<Map<String, Setting>> primary,
            boolean wanted) {
        ArchivePlace place = place(standby);
        if (place.kind() == Kind.NONE) {
            return result.fail(
                    "archive_mode is on and there is no archive_command: WAL would pile up until the disk is full",
                    "On the standby: ALTER SYSTEM SET archive_command = '…'; SELECT pg_reload_conf();");
        }
        if (place.kind() == Kind.DISCARDS) {
            boolean alike = primary.value()
                    .map(found -> place(found).kind() == Kind.DISCARDS)
                    .orElse(false);
            String remedy = "On the standby: ALTER SYSTEM SET archive_command = '…'; SELECT pg_reload_conf();";
            return wanted && !alike
                    ? result.fail("archive_command keeps nothing, while the primary's archives", remedy)
                    : result.warn("archive_command keeps nothing" + (alike ? ", as on the primary" : ""), remedy);
        }
        boolean same = primary.value()
                .map(found -> Compared.text(found, COMMAND).equals(Compared.text(standby, COMMAND))
                        && Compared.text(found, LIBRARY).equals(Compared.text(standby, LIBRARY)))
                .orElse(true);
        return same
                ? result.pass("The standby will archive with " + place.describe()
                        + (primary.isKnown() ? ", as the primary" : ""))
                : result.warn(
                        "The standby will archive otherwise than the primary: with " + place.describe(),
                        "See that what restores from the archive looks there too");
    }

    private static boolean archives(Map<String, Setting> settings) {
        return !Compared.text(settings, "archive_mode").equals("off")
                && place(settings).kind() != Kind.NONE
                && place(settings).kind() != Kind.DISCARDS;
    }

    private static ArchivePlace place(Map<String, Setting> settings) {
        String library = Compared.text(settings, LIBRARY);
        return library.isEmpty() ? ArchivePlace.of(Compared.text(settings, COMMAND)) : ArchivePlace.library(library);
    }

    private static void seen(CheckResult.Builder result, String whose, Map<String, Setting> settings) {
        for (String name : List.of("archive_mode", COMMAND, LIBRARY)) {
            String value = Compared.text(settings, name);
            if (!value.isEmpty()) {
                result.seen("pg_settings." + name + whose, value);
            }
        }
    }
}
