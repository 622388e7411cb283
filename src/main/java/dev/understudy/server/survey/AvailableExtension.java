package dev.understudy.server.survey;

import java.util.List;

/**
 * An extension whose files are on a server's host.
 *
 * @param name its name
 * @param standard the version that its control file names
 * @param versions all versions that its scripts can make
 */
public record AvailableExtension(String name, String standard, List<String> versions) {
    public AvailableExtension {
        versions = List.copyOf(versions);
    }
}
