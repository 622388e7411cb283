package dev.understudy.pgfile;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalDirectory;
import java.util.List;
import java.util.Optional;

/**
 * The numbers that tell a major version's files from another's: a row a major. Adding a major is adding a row here and
 * one in {@code ControlFileLayout}.
 *
 * <p>Source: {@code PG_CONTROL_VERSION} in {@code pg_control.h}, {@code CATALOG_VERSION_NO} in {@code catversion.h},
 * {@code XLOG_PAGE_MAGIC} in {@code xlog_internal.h} of each branch; checked against files of live servers.
 *
 * @param major the major version
 * @param controlVersion version of pg_control's layout; 13 to 16 share one
 * @param catalogVersion version of the system catalogs, the date they changed last and a digit
 * @param walPageMagic first two bytes of every WAL page, as an unsigned 16-bit number
 */
public record FormatVersion(ServerMajor major, int controlVersion, int catalogVersion, int walPageMagic) {
    private static final List<FormatVersion> KNOWN = List.of(
            new FormatVersion(ServerMajor.V9_6, 960, 201608131, 0xD093),
            new FormatVersion(ServerMajor.V10, 1002, 201707211, 0xD097),
            new FormatVersion(ServerMajor.V11, 1100, 201809051, 0xD098),
            new FormatVersion(ServerMajor.V12, 1201, 201909212, 0xD101),
            new FormatVersion(ServerMajor.V13, 1300, 202007201, 0xD106),
            new FormatVersion(ServerMajor.V14, 1300, 202107181, 0xD10D),
            new FormatVersion(ServerMajor.V15, 1300, 202209061, 0xD110),
            new FormatVersion(ServerMajor.V16, 1300, 202307071, 0xD113),
            new FormatVersion(ServerMajor.V17, 1700, 202406281, 0xD116),
            new FormatVersion(ServerMajor.V18, 1800, 202506291, 0xD118));

    /** Every known major, oldest first. */
    public static List<FormatVersion> known() {
        return KNOWN;
    }

    /** @throws UnderstudyException {@link ErrorCode#FORMAT_VERSION_UNKNOWN} if the major is not a known one */
    public static FormatVersion of(ServerMajor major) {
        return KNOWN.stream()
                .filter(version -> version.major.equals(major))
                .findFirst()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.FORMAT_VERSION_UNKNOWN, "unknown major version of PostgreSQL: %s", major)
                        .hint("%s", knownMajors())
                        .build());
    }

    /**
     * The version that wrote a control file.
     *
     * @throws UnderstudyException {@link ErrorCode#FORMAT_VERSION_UNKNOWN} if no known major writes these two numbers
     */
    public static FormatVersion ofControlFile(int controlVersion, int catalogVersion) {
        return KNOWN.stream()
                .filter(version -> version.controlVersion == controlVersion && version.catalogVersion == catalogVersion)
                .findFirst()
                .orElseThrow(() -> unknownControlFile(controlVersion, catalogVersion));
    }

    /** The version that writes WAL pages with this magic; empty if no known one does. */
    public static Optional<FormatVersion> findByWalPageMagic(int magic) {
        return KNOWN.stream().filter(version -> version.walPageMagic == magic).findFirst();
    }

    /** The WAL directory's name inside the data directory. */
    public String walDirectory() {
        return WalDirectory.of(major);
    }

    private static UnderstudyException unknownControlFile(int controlVersion, int catalogVersion) {
        UnderstudyException.Builder error = UnderstudyException.of(
                ErrorCode.FORMAT_VERSION_UNKNOWN,
                "unexpected control version = %s and catalog version = %s",
                Integer.toUnsignedString(controlVersion),
                Integer.toUnsignedString(catalogVersion));
        int swapped = Integer.reverseBytes(controlVersion);
        if (KNOWN.stream().anyMatch(version -> version.controlVersion == swapped)) {
            return error.detail("Read the other way round the control version is %d.", swapped)
                    .hint("The file was written on a machine of the other byte order; read it on such a machine.")
                    .build();
        }
        return error.hint("%s", knownMajors()).build();
    }

    private static String knownMajors() {
        return "Is this version of PostgreSQL supported? Known are %s to %s."
                .formatted(ServerMajor.OLDEST, ServerMajor.NEWEST);
    }
}
