package dev.understudy.promotion.gather;

import dev.understudy.host.Host;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.directory.Fork;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.facts.PageState;
import dev.understudy.transfer.Routes;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the standby's data files from outside, by the way that a copy takes, as its server writes to them. */
final class PageGatherer {
    private static final int CHECKSUMS_ON = 1;

    /** The first object identifier that is not the system's own. Source: {@code src/include/access/transam.h}. */
    private static final long FIRST_USER_OID = 16_384;

    /** pg_largeobject, which holds users' data. */
    private static final long LARGE_OBJECTS = 2613;

    private final Host host;
    private final String directory;
    private final ControlFile control;
    private final Depth depth;

    PageGatherer(Host host, String directory, ControlFile control, Depth depth) {
        this.host = host;
        this.directory = directory;
        this.control = control;
        this.depth = depth;
    }

    PageState gather() {
        try (Source source = Routes.files(host, directory)) {
            FileTable files =
                    source.list(CopyRules.of(control.major()), () -> {}).files();
            List<Piece> pieces = new ArrayList<>();
            if (control.sizes().dataChecksumVersion() == CHECKSUMS_ON) {
                for (int file = 0; file < files.count(); file++) {
                    Optional<RelationFile> relation = relation(files.path(file));
                    if (relation.filter(found -> depth == Depth.FULL || isSystem(found))
                            .isPresent()) {
                        pieces.add(Piece.whole(files, file));
                    }
                }
            }
            try (SourceReader reader = source.open()) {
                PageJudge judge = new PageJudge(files, control.sizes());
                reader.read(files, pieces, judge);
                return new PageState(pieces.size(), judge.pages(), judge.stillWrong(reader), missing(files));
            }
        }
    }

    private static Optional<RelationFile> relation(String path) {
        return CopyRules.hasPageChecksums(path) ? RelationFile.find(path) : Optional.empty();
    }

    private static boolean isSystem(RelationFile file) {
        long node = Integer.toUnsignedLong(file.fileNode().number());
        return node < FIRST_USER_OID && node != LARGE_OBJECTS;
    }

    /** A truncation leaves later segments empty; one that holds something follows on a full one. */
    private List<String> missing(FileTable files) {
        long full =
                (long) control.sizes().relationSegmentBlocks() * control.sizes().blockSize();
        List<String> found = new ArrayList<>();
        for (int file = 0; file < files.count(); file++) {
            String path = files.path(file);
            Optional<RelationFile> later =
                    relation(path).filter(relation -> relation.segment() > 0 && relation.fork() == Fork.MAIN);
            if (later.isPresent() && files.size(file) > 0) {
                String first = path.substring(0, path.lastIndexOf('.'));
                int segment = later.get().segment();
                String before = segment == 1 ? first : first + "." + (segment - 1);
                int listed = files.find(before);
                boolean whole = listed >= 0 && files.size(listed) == full;
                // Replay goes on: what may have been made or cut short since it was listed is looked at once more.
                if (!whole && sizeNow(before) != full && sizeNow(path) > 0) {
                    found.add(
                            "%s is %s, yet %s is there".formatted(before, listed < 0 ? "missing" : "cut short", path));
                }
            }
        }
        return found;
    }

    /** -1 where there is no such file now. */
    private long sizeNow(String path) {
        return host.files()
                .realPath(directory + "/" + path)
                .flatMap(host.files()::status)
                .map(status -> status.size())
                .orElse(-1L);
    }
}
