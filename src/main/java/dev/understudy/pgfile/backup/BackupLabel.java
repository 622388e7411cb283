package dev.understudy.pgfile.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code backup_label}: where recovery from a base backup starts. The bytes are kept as the server gave them and are
 * the only thing ever written; the fields are read from them by meaning, LSNs as numbers.
 *
 * <p>Source: {@code build_backup_content} in {@code xlogbackup.c}, {@code read_backup_label} in {@code xlogrecovery.c}.
 */
public final class BackupLabel {
    public static final String FILE_NAME = "backup_label";
    /** The name a server gives it once it has taken its contents over. */
    public static final String OLD_FILE_NAME = "backup_label.old";

    private static final Pattern LINE = Pattern.compile("([A-Z][A-Z /]*): ?(.*)");
    private static final Pattern START = Pattern.compile("([0-9A-Fa-f]+/[0-9A-Fa-f]+) \\(file ([0-9A-F]{24})\\)");

    private final byte[] bytes;
    private final Map<String, String> lines;
    private final Lsn startLsn;
    private final String startSegmentName;
    private final Lsn checkpointLsn;
    private final TimelineId startTimeline;
    private final @Nullable Lsn incrementalFromLsn;
    private final @Nullable TimelineId incrementalFromTimeline;

    private BackupLabel(byte[] bytes) {
        this.bytes = bytes.clone();
        this.lines = linesOf(new String(bytes, StandardCharsets.UTF_8));
        Matcher start = START.matcher(required("START WAL LOCATION"));
        if (!start.matches()) {
            throw invalid("START WAL LOCATION", required("START WAL LOCATION"));
        }
        this.startLsn = lsn("START WAL LOCATION", start.group(1));
        this.startSegmentName = start.group(2);
        this.checkpointLsn = lsn("CHECKPOINT LOCATION", required("CHECKPOINT LOCATION"));
        this.startTimeline = find("START TIMELINE")
                .map(text -> timeline("START TIMELINE", text, 10))
                .orElseGet(() -> timeline("START WAL LOCATION", startSegmentName.substring(0, 8), 16));
        this.incrementalFromLsn = find("INCREMENTAL FROM LSN")
                .map(text -> lsn("INCREMENTAL FROM LSN", text))
                .orElse(null);
        this.incrementalFromTimeline = find("INCREMENTAL FROM TLI")
                .map(text -> timeline("INCREMENTAL FROM TLI", text, 10))
                .orElse(null);
    }

    /** @throws UnderstudyException {@link ErrorCode#BACKUP_LABEL_INVALID} */
    public static BackupLabel parse(byte[] bytes) {
        return new BackupLabel(bytes);
    }

    /** From the text that {@code pg_backup_stop} returned. */
    public static BackupLabel parse(String text) {
        return new BackupLabel(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> linesOf(String text) {
        Map<String, String> lines = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            // A label's own text may hold newlines; only the first line of a kind is the server's.
            if (matcher.matches()) {
                lines.putIfAbsent(matcher.group(1), matcher.group(2));
            }
        }
        return Map.copyOf(lines);
    }

    /** The bytes as they were read. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Where recovery starts: the redo location of the backup's checkpoint. */
    public Lsn startLsn() {
        return startLsn;
    }

    /** Name of the segment that holds the start LSN; its first eight digits are the start timeline. */
    public String startSegmentName() {
        return startSegmentName;
    }

    public Lsn checkpointLsn() {
        return checkpointLsn;
    }

    /** The timeline the backup started on: START TIMELINE from 11, before that the one in the segment's name. */
    public TimelineId startTimeline() {
        return startTimeline;
    }

    /** {@code streamed}, {@code pg_start_backup} (exclusive, up to 14) or {@code pg_rewind}; empty if there is no line. */
    public String method() {
        return find("BACKUP METHOD").orElse("");
    }

    /** Whether the backup was taken from a standby. */
    public boolean isFromStandby() {
        return find("BACKUP FROM").orElse("").equals("standby");
    }

    /** Time of the start as the server printed it, in its log's time zone. */
    public String startTime() {
        return find("START TIME").orElse("");
    }

    /** The name the backup was given. */
    public String label() {
        return find("LABEL").orElse("");
    }

    /** Start of the backup that an incremental one builds on, from 17; a server does not start from such a label. */
    public Optional<Lsn> incrementalFromLsn() {
        return Optional.ofNullable(incrementalFromLsn);
    }

    public Optional<TimelineId> incrementalFromTimeline() {
        return Optional.ofNullable(incrementalFromTimeline);
    }

    public boolean isIncremental() {
        return incrementalFromLsn != null || incrementalFromTimeline != null;
    }

    private Optional<String> find(String name) {
        return Optional.ofNullable(lines.get(name)).map(String::stripTrailing);
    }

    private String required(String name) {
        return find(name)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.BACKUP_LABEL_INVALID, "backup_label has no line \"%s\"", name)
                        .build());
    }

    private static Lsn lsn(String name, String text) {
        try {
            return Lsn.parse(text);
        } catch (UnderstudyException e) {
            throw invalid(name, text);
        }
    }

    private static TimelineId timeline(String name, String text, int radix) {
        try {
            return new TimelineId(Integer.parseUnsignedInt(text, radix));
        } catch (NumberFormatException | UnderstudyException e) {
            throw invalid(name, text);
        }
    }

    private static UnderstudyException invalid(String name, String text) {
        return UnderstudyException.of(
                        ErrorCode.BACKUP_LABEL_INVALID, "backup_label: cannot read line \"%s\": \"%s\"", name, text)
                .build();
    }
}
