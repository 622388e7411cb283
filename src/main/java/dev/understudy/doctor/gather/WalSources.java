package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.WalTail.SegmentRead;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.SegmentInput;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.postgres.WalSegment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Several places of WAL taken as one. A file whose first page says that it is another segment, as recycled ones do, is
 * passed over for the next place's.
 */
final class WalSources implements WalSource {
    private final Map<String, WalSource> places;
    private final List<SegmentRead> read = new ArrayList<>();

    WalSources(Map<String, WalSource> places) {
        this.places = new LinkedHashMap<>(places);
    }

    /** The places by name, the one to prefer first. */
    Map<String, WalSource> places() {
        return places;
    }

    /** What was read so far, each segment with its place. */
    List<SegmentRead> read() {
        return List.copyOf(read);
    }

    @Override
    public Optional<SegmentInput> open(WalSegment segment) throws IOException {
        for (Map.Entry<String, WalSource> place : places.entrySet()) {
            Optional<SegmentInput> input = openWritten(place.getValue(), segment);
            if (input.isPresent()) {
                SegmentRead entry = new SegmentRead(segment.name(), place.getKey());
                if (!read.contains(entry)) {
                    read.add(entry);
                }
                return input;
            }
        }
        return Optional.empty();
    }

    /** A segment of a place, if its file has begun to be written as that segment. */
    static Optional<SegmentInput> openWritten(WalSource place, WalSegment segment) throws IOException {
        Optional<SegmentInput> input = place.open(segment);
        if (input.isEmpty() || isThatSegment(input.get(), segment)) {
            return input;
        }
        input.get().close();
        return Optional.empty();
    }

    private static boolean isThatSegment(SegmentInput input, WalSegment segment) {
        try {
            return WalIdentity.read(input)
                    .filter(header -> header.start().equals(segment.start()))
                    .isPresent();
        } catch (UnderstudyException e) {
            // Damaged, which is the reader's to say where it comes to it.
            return true;
        }
    }
}
