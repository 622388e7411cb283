package dev.understudy.cli.inspect;

import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code inspect wal}: records and where they end, for any supported major. */
@Command(
        name = "wal",
        description = "Lists WAL records, and says where WAL ends and why.",
        mixinStandardHelpOptions = true)
final class InspectWalCommand implements Callable<Integer> {
    @Mixin
    private InspectOutput output = new InspectOutput();

    @Option(
            names = "--start",
            paramLabel = "LSN",
            description = "Begins with the first record at or after this location.")
    private @Nullable String start;

    @Option(names = "--end", paramLabel = "LSN", description = "Leaves out records that end after this location.")
    private @Nullable String end;

    @Option(
            names = "--timeline",
            paramLabel = "N",
            converter = TimelineConverter.class,
            description = "Reads this timeline (default: the newest there is).")
    private @Nullable TimelineId timeline;

    @Option(
            names = "--summary",
            description = "Prints only counts, ends of backups, and records that cross a segment boundary.")
    private boolean summary;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "A segment file, several, a directory of them, or a data directory; .partial and .gz too.")
    private List<Path> paths = List.of();

    /** A number from 1, decimal as PostgreSQL prints it. */
    static final class TimelineConverter implements ITypeConverter<TimelineId> {
        @Override
        public TimelineId convert(String text) {
            try {
                int number = Integer.parseUnsignedInt(text);
                if (number != 0) {
                    return new TimelineId(number);
                }
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not a timeline");
            }
            throw new TypeConversionException("'" + text + "' is not a timeline");
        }
    }

    @Override
    public Integer call() {
        Optional<Lsn> from = Optional.ofNullable(start).map(Lsn::parse);
        Optional<Lsn> to = Optional.ofNullable(end).map(Lsn::parse);
        WalSelection selection = WalSelection.of(paths, Optional.ofNullable(timeline));
        WalEnd reached = summary
                ? printSummary(selection, from.orElse(selection.start()), to)
                : printRecords(selection, from.orElse(selection.start()), to);
        output.out().flush();
        selection.unreadAfter(reached).ifPresent(note -> {
            output.err().println(note);
            output.err().flush();
        });
        return reached.reason().isOrdinary() ? InspectOutput.OK : InspectOutput.FINDINGS;
    }

    private WalEnd printSummary(WalSelection selection, Lsn from, Optional<Lsn> to) {
        WalSummary read = new WalSummaryScan(selection, from, to).run();
        read.print(output);
        return read.end();
    }

    private WalEnd printRecords(WalSelection selection, Lsn from, Optional<Lsn> to) {
        try (WalReader reader = selection.open()) {
            to.ifPresent(reader::limitTo);
            reader.seekFirstFrom(from);
            return new WalListing(output).print(reader);
        }
    }
}
