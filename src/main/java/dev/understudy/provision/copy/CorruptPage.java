package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.facts.RelationOfFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says of a corrupt page, which the copy knows by its file alone, which relation it is of. */
final class CorruptPage {
    private static final Pattern FILE = Pattern.compile("file \"([^\"]+)\"");

    private CorruptPage() {}

    /** The same error with the relation's name, where the primary can tell it. */
    static UnderstudyException named(UnderstudyException error, Conninfo primary) {
        Matcher file = FILE.matcher(error.message());
        if (error.code() != ErrorCode.PAGE_CORRUPT || !file.find()) {
            return error;
        }
        UnderstudyException.Builder named = UnderstudyException.of(error.code(), "%s", error.message())
                .detail("%s %s", error.detail(), relation(primary, file.group(1)))
                .cause(error);
        error.hints().forEach(hint -> named.hint("%s", hint));
        return named.build();
    }

    private static String relation(Conninfo primary, String path) {
        try {
            return RelationOfFile.find(primary, path)
                    .map(name -> "It belongs to " + name + ".")
                    .orElse("The primary knows no relation of it any more.");
        } catch (UnderstudyException e) {
            return "Which relation it belongs to could not be asked: " + e.message() + ".";
        }
    }
}
