package dev.understudy.transfer.files;

import java.util.List;

/**
 * What is in a target before a copy.
 *
 * @param files regular files, by the paths that the copy uses for them
 * @param directories relative paths of directories, parents first, without the roots themselves
 * @param others relative paths of links and anything else; the target's own links to its roots are not among them
 * @param foreignRoots absolute paths of roots that hold something though the target has no link to them
 */
public record TargetListing(FileTable files, List<String> directories, List<String> others, List<String> foreignRoots) {
    public TargetListing {
        directories = List.copyOf(directories);
        others = List.copyOf(others);
        foreignRoots = List.copyOf(foreignRoots);
    }

    public boolean isEmpty() {
        return files.count() == 0 && directories.isEmpty() && others.isEmpty();
    }
}
