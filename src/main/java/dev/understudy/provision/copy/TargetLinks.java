package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.provision.site.Site;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The links of the running standby to its tablespaces and its WAL directory. One that leads to the primary's own files
 * works well, and lets two servers write the same ones.
 */
public record TargetLinks(Site site, StepContext context) {
    /**
     * Looks where each leads.
     *
     * @return nothing where there is no link
     * @throws UnderstudyException {@link ErrorCode#NOT_PROVEN} naming the first that leads elsewhere
     */
    public Optional<Evidence> check() {
        String dataDirectory = site.target().dataDirectory();
        Map<String, String> links = new TreeMap<>(
                RecordedLayout.read(context.facts(), dataDirectory).links());
        links.forEach((path, expected) -> {
            String found = site.target()
                    .host()
                    .files()
                    .status(site.target().path(path))
                    .flatMap(FileStatus::linkTarget)
                    .orElse("nothing");
            if (!found.equals(expected)) {
                throw UnderstudyException.of(
                                ErrorCode.NOT_PROVEN,
                                "not proven: link \"%s\" of the standby leads to \"%s\", not to \"%s\"",
                                path,
                                found,
                                expected)
                        .build();
            }
        });
        return links.isEmpty()
                ? Optional.empty()
                : Optional.of(context.evidence(
                        "tablespaces and WAL directory lie where the plan puts them: "
                                + String.join(", ", links.values()),
                        "links in " + dataDirectory));
    }
}
