package dev.understudy.doctor.facts;

import java.util.List;

/**
 * Who owns the data directory and who may look into it.
 *
 * @param mode permission bits of the data directory
 * @param uid its owner
 * @param owner the owner's name, or the number if there is none
 * @param examinedAs name of the account that looked
 * @param foreign entries at the top level, of global and of pg_wal that somebody else owns, at most ten
 */
public record Permissions(int mode, int uid, String owner, String examinedAs, List<String> foreign) {
    public Permissions {
        foreign = List.copyOf(foreign);
    }
}
