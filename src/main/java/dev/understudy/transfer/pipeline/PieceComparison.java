package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One piece of a target while it is compared with the source, stretch by stretch. */
final class PieceComparison {
    private final Piece piece;
    private final List<Piece> stretches;
    private final List<Piece> differing = new ArrayList<>();
    private List<StretchScan> scans = List.of();
    private final List<PageScan.Suspect> suspects = new ArrayList<>();
    private boolean vanished;

    /** @param coarseBytes length of a stretch */
    PieceComparison(Piece piece, int coarseBytes) {
        this.piece = piece;
        // What a whole file has grown by since it was listed is compared as well, as far as the last stretch reaches.
        long length = piece.whole()
                ? (Math.max(1, piece.length()) + coarseBytes - 1) / coarseBytes * coarseBytes
                : piece.length();
        this.stretches = Pieces.cut(Piece.range(piece.file(), piece.offset(), length), coarseBytes);
    }

    Piece piece() {
        return piece;
    }

    List<Piece> stretches() {
        return stretches;
    }

    /** Takes both sides' view of the stretches. */
    void compare(List<StretchScan> source, List<StretchScan> target) {
        scans = new ArrayList<>(target);
        for (int stretch = 0; stretch < stretches.size(); stretch++) {
            StretchScan there = source.get(stretch);
            vanished |= there.digest().length == 0;
            suspects.addAll(there.suspects());
            if (!Arrays.equals(there.digest(), target.get(stretch).digest())) {
                differing.add(stretches.get(stretch));
            } else if (there.known()) {
                scans.set(stretch, there.withoutSuspects()); // The same bytes, so what is known of them holds for both.
            }
        }
    }

    void addSuspects(List<PageScan.Suspect> found) {
        suspects.addAll(found);
    }

    boolean hasVanished() {
        return vanished;
    }

    /** Whether it is so short that it is written anew where it differs. */
    boolean isShort() {
        return piece.whole() && stretches.size() == 1;
    }

    List<Piece> differing() {
        return differing;
    }

    /**
     * Takes the target's view anew of the stretches that were changed.
     *
     * @param end where the source's file was found to end
     */
    void rescan(long end, Function<List<Piece>, List<StretchScan>> scanner) {
        boolean all = hasHole();
        Set<Piece> changed = Set.copyOf(differing);
        for (int stretch = 0; stretch < stretches.size(); stretch++) {
            Piece before = stretches.get(stretch);
            long length = Math.max(0, Math.min(before.length(), end - before.offset()));
            if (all || length < before.length() || changed.contains(before)) {
                Piece now = Piece.range(before.file(), before.offset(), length);
                scans.set(stretch, scanner.apply(List.of(now)).get(0));
            }
        }
    }

    /** Whether a stretch is short though a later one was to be changed: then the file is zeros in between. */
    private boolean hasHole() {
        for (int stretch = 0; stretch + 1 < stretches.size(); stretch++) {
            if (scans.get(stretch).length() < stretches.get(stretch).length()) {
                return !differing.isEmpty();
            }
        }
        return false;
    }

    long length() {
        return scans.stream().mapToLong(StretchScan::length).sum();
    }

    /** @param algorithm of the digests that were compared */
    PieceOutcome outcome(String algorithm) {
        Map<Long, PageScan.Suspect> byOffset = new TreeMap<>();
        suspects.forEach(suspect -> byOffset.put(suspect.offset(), suspect));
        scans.forEach(scan -> scan.suspects().forEach(suspect -> byOffset.put(suspect.offset(), suspect)));
        return new PieceOutcome(piece, length(), checksum(algorithm), List.copyOf(byOffset.values()));
    }

    private @Nullable FileChecksum checksum(String algorithm) {
        if (scans.stream().allMatch(StretchScan::known)) {
            return FileChecksum.crc32c(UnitComparer.combined(scans));
        }
        // One stretch that is equal holds the whole file, so its digest is the file's.
        return isShort() && differing.isEmpty() && algorithm.equals("SHA-256")
                ? FileChecksum.sha256(scans.get(0).digest())
                : null;
    }
}
