package dev.understudy.server.files;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.List;

/**
 * What is in a data directory.
 *
 * @param entries in no particular order
 * @param unusable names that are not UTF-8 and so cannot be asked for over SQL, with such bytes as {@code \nnn} octal
 */
public record FileListing(List<FileEntry> entries, List<String> unusable) {
    public FileListing {
        entries = List.copyOf(entries);
        unusable = List.copyOf(unusable);
    }

    /**
     * The entries, if all can be read.
     *
     * @throws UnderstudyException {@link ErrorCode#FILE_NAME_UNUSABLE} if some cannot
     */
    public List<FileEntry> requireUsable() {
        if (!unusable.isEmpty()) {
            throw UnderstudyException.of(
                            ErrorCode.FILE_NAME_UNUSABLE, "%d file names cannot be read over SQL", unusable.size())
                    .detail("Not UTF-8: %s.", String.join(", ", unusable))
                    .hint("PostgreSQL makes no such files; move them out of the data directory, or copy over ssh.")
                    .build();
        }
        return entries;
    }
}
