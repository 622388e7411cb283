package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.TargetHasher;
import java.util.ArrayList;
import java.util.List;

/** A target that hashes itself. */
record HashedTarget(CopyContext context, TargetHasher hasher, String algorithm) implements TargetScan {
    @Override
    public List<StretchScan> scan(List<Piece> stretches, boolean countPages) {
        context.checkAlive();
        List<TargetHasher.Hashed> hashed = hasher.hash(algorithm, asked(stretches));
        List<StretchScan> scans = new ArrayList<>(stretches.size());
        for (int stretch = 0; stretch < stretches.size(); stretch++) {
            TargetHasher.Hashed found = hashed.get(stretch);
            scans.add(StretchScan.hashed(stretches.get(stretch), Math.max(0, found.length()), found.digest()));
        }
        return scans;
    }

    @Override
    public List<StretchScan> rescan(List<Piece> stretches) {
        List<Long> lengths = hasher.lengths(asked(stretches));
        List<StretchScan> scans = new ArrayList<>(stretches.size());
        for (int stretch = 0; stretch < stretches.size(); stretch++) {
            scans.add(StretchScan.hashed(stretches.get(stretch), Math.max(0, lengths.get(stretch)), new byte[0]));
        }
        return scans;
    }

    private List<TargetHasher.Stretch> asked(List<Piece> stretches) {
        FileTable files = context.listing.files();
        return stretches.stream()
                .map(piece -> new TargetHasher.Stretch(files.path(piece.file()), piece.offset(), piece.length()))
                .toList();
    }

    @Override
    public boolean readsBytes() {
        return false;
    }

    @Override
    public void close() {
        hasher.close();
    }
}
