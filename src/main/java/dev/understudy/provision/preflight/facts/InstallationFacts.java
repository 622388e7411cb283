package dev.understudy.provision.preflight.facts;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerVersion;
import java.util.Set;

/**
 * The server programs that are to run the standby.
 *
 * @param binDirectory where they are
 * @param version of {@code postgres}
 * @param libraryDirectory its {@code $libdir}
 * @param libraries names of the shared libraries in it, without {@code .so}
 * @param blockSize bytes of a page it was built for
 * @param relationSegmentBlocks pages of a file of a relation it was built for
 * @param walBlockSize bytes of a WAL page it was built for
 * @param walSegmentBytes segment size it was built for, up to 10 only
 * @param programs names of the programs in {@code binDirectory}
 */
public record InstallationFacts(
        String binDirectory,
        ServerVersion version,
        Known<String> libraryDirectory,
        Known<Set<String>> libraries,
        Known<Long> blockSize,
        Known<Long> relationSegmentBlocks,
        Known<Long> walBlockSize,
        Known<Long> walSegmentBytes,
        Set<String> programs) {
    public InstallationFacts {
        programs = Set.copyOf(programs);
    }
}
