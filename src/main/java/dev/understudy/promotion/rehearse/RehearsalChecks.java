package dev.understudy.promotion.rehearse;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.FileStatus;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Tablespace;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.copy.SourceCluster;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.route.FilesAccess;
import dev.understudy.provision.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The checks before a rehearsal. One that cannot be made because another failed is left out. */
final class RehearsalChecks {
    /** What a rehearsal writes besides: a promotion's own WAL, catalogs, its log. */
    private static final long LEAST_ROOM_BYTES = 64L << 20;

    /** Replay and promotion change pages, and each that is changed is no longer shared: one in this many. */
    private static final int CHANGED_SHARE = 20;

    private final Site site;
    private final RehearsalWish wish;
    private final SourceStandby standby;
    private final Home home;
    private final Reach reach;
    private final List<PreflightResult> results = new ArrayList<>();
    private CopyWay way = CopyWay.FILES;

    RehearsalChecks(Site site, RehearsalWish wish, SourceStandby standby) {
        this.site = site;
        this.wish = wish;
        this.standby = standby;
        this.home = new Home(site.target());
        this.reach = new Reach(site);
    }

    /** How the copy is to be made; once the checks were. */
    CopyWay way() {
        return way;
    }

    List<PreflightResult> results() {
        role();
        privileges();
        replay();
        superuser();
        boolean files = files();
        programs();
        wish.probes().forEach(this::sql);
        if (room() && files) {
            copyWay();
            space();
        }
        return List.copyOf(results);
    }

    private PreflightResult add(String id, boolean holds, String summary) {
        return add(id, holds ? CheckState.PASS : CheckState.FAIL, summary, List.of(), List.of());
    }

    private PreflightResult add(String id, CheckState state, String summary, List<String> hints, List<String> grants) {
        PreflightResult result = new PreflightResult(id, state, summary, List.of(), hints, grants);
        results.add(result);
        return result;
    }

    private void fail(String id, String summary, String... hints) {
        add(id, CheckState.FAIL, summary, List.of(hints), List.of());
    }

    private void role() {
        if (standby.identity().inRecovery()) {
            add(
                    "in-recovery",
                    true,
                    "the server is a standby, on timeline " + standby.identity().timeline());
        } else {
            fail(
                    "in-recovery",
                    "the server is a primary: there is nothing to promote",
                    "Give the standby's own connection string, not one that leads to several servers.");
        }
    }

    private void privileges() {
        if (standby.grants().isEmpty()) {
            add("privileges", true, "the role may look and take a backup");
        } else {
            add(
                    "privileges",
                    CheckState.FAIL,
                    "the role lacks %d privileges to look and take a backup"
                            .formatted(standby.grants().size()),
                    List.of("Give them on the primary; the standby replays them."),
                    standby.grants());
        }
    }

    private void replay() {
        if (standby.replayPaused()) {
            add(
                    "replay-paused",
                    CheckState.WARN,
                    "somebody has paused replay on the standby; the copy replays on to what it has received",
                    List.of(),
                    List.of());
        } else {
            add("replay-paused", true, "replay on the standby is not paused");
        }
    }

    private void superuser() {
        if (standby.superuser().isPresent()) {
            add(
                    "role-on-copy",
                    true,
                    "on the copy role \"" + standby.superuser().get() + "\" looks around");
        } else {
            fail("role-on-copy", "no superuser of the cluster may log in, and the copy needs one to be looked at");
        }
    }

    /** Whether the directory that was named is the standby's, and can be read. */
    private boolean files() {
        if (standby.paths().isEmpty()) {
            fail("data-directory", "the role may not see where the standby's files are");
            return false;
        }
        String own = standby.paths().get().dataDirectory();
        Host host = reach.standbyHost();
        Optional<String> problem = attempt(() -> {
            Optional<String> named = host.files().realPath(wish.dataDirectory());
            return named.isPresent() && named.equals(host.files().realPath(own))
                    ? ""
                    : "\"%s\" is not the standby's data directory, which is \"%s\""
                            .formatted(wish.dataDirectory(), own);
        });
        if (problem.filter(text -> !text.isEmpty()).isPresent()) {
            fail("data-directory", problem.get(), "Name it with -D, and its host with --host.");
            return false;
        }
        Known<FilesAccess> access = FilesAccess.look(
                site.primary().host(),
                site.here(),
                SourceCluster.of(site.primary()).running(),
                Command.DEFAULT_LIMIT);
        Optional<String> obstacle = access.match(FilesAccess::obstacle, Optional::of);
        if (obstacle.isPresent()) {
            fail(
                    "data-directory",
                    "the standby's files cannot be read: " + obstacle.get(),
                    "Run Understudy as an account that may read them, or name their host with --host.");
            return false;
        }
        add("data-directory", true, "the files of the server that answered can be read in \"%s\"".formatted(own));
        return true;
    }

    private static Optional<String> attempt(Supplier<String> look) {
        try {
            return Optional.of(look.get());
        } catch (UnderstudyException e) {
            return Optional.of(e.message());
        }
    }

    private void programs() {
        try {
            ServerPrograms programs = ServerPrograms.find(
                    reach.copyHost(),
                    site.target().binDirectory(),
                    standby.identity().version().major());
            boolean same =
                    programs.version().equals(standby.identity().version().toString());
            add(
                    "server-programs",
                    same ? CheckState.PASS : CheckState.WARN,
                    "PostgreSQL %s in \"%s\"%s"
                            .formatted(
                                    programs.version(),
                                    programs.binDirectory(),
                                    same
                                            ? ""
                                            : "; the standby runs "
                                                    + standby.identity().version()),
                    List.of(),
                    List.of());
        } catch (UnderstudyException e) {
            add("server-programs", CheckState.FAIL, e.message(), e.hints(), List.of());
        }
    }

    private void sql(String file) {
        Optional<FileStatus> status = site.here()
                .files()
                .realPath(file)
                .flatMap(path -> site.here().files().status(path));
        boolean readable = status.filter(FileStatus::isFile).isPresent();
        add("probe", readable, readable ? "probe \"" + file + "\" is there" : "there is no file \"" + file + "\"");
    }

    /** Whether the copy has a place: nothing in the way, and a directory that its account may write. */
    private boolean room() {
        Host host = reach.copyHost();
        if (home.exists()) {
            UnderstudyException inTheWay = home.inTheWay();
            add("scratch", CheckState.FAIL, inTheWay.message() + ". " + inTheWay.detail(), inTheWay.hints(), List.of());
            return false;
        }
        String account = host.account().name();
        if (!host.run(Command.shell("[ -d \"$1\" ] && [ -w \"$1\" ] && [ -x \"$1\" ]", home.scratch()))
                .succeeded()) {
            fail(
                    "scratch",
                    "account \"%s\" cannot make a directory in \"%s\"".formatted(account, home.scratch()),
                    "Name another directory with --scratch, which has to be there.");
            return false;
        }
        Optional<String> obstacle = home.socketObstacle(standby.port());
        if (obstacle.isPresent()) {
            fail("scratch", obstacle.get(), "Name a directory with a shorter path with --scratch.");
            return false;
        }
        add("scratch", true, "the copy goes into \"%s\", for account \"%s\"".formatted(home.path(), account));
        return true;
    }

    private void copyWay() {
        if (wish.copy().equals("files")) {
            add("copy", true, "the standby's files are copied, as the plan says");
            return;
        }
        List<String> directories = Stream.concat(
                        Stream.of(standby.paths().orElseThrow().dataDirectory()), tablespaces().stream())
                .toList();
        Optional<String> obstacle = reach.reflinkObstacle(home.scratch(), directories);
        if (obstacle.isEmpty()) {
            way = CopyWay.REFLINK;
            add("copy", true, "the copy shares the standby's blocks (reflink): none is read or written for it");
        } else if (wish.copy().equals("reflink")) {
            fail("copy", obstacle.get(), "With -e copy=auto the files are copied instead.");
        } else {
            add("copy", true, "the standby's files are copied: " + obstacle.get());
        }
    }

    private List<String> tablespaces() {
        return SourceCluster.of(site.primary()).tablespaces().stream()
                .map(Tablespace::location)
                .toList();
    }

    private void space() {
        long data = way == CopyWay.REFLINK ? standby.dataBytes() / CHANGED_SHARE : standby.dataBytes();
        long growth = Math.max(LEAST_ROOM_BYTES, standby.dataBytes() / CHANGED_SHARE);
        // WAL is shared as the files are, but for the segments that are still written to.
        long wal = (way == CopyWay.REFLINK ? 0 : standby.walBytes())
                + 2L * standby.segmentSize().bytes();
        long needed = data + wal + growth;
        FileSystemUsage usage = reach.copyHost().files().usage(home.scratch());
        boolean fits = usage.availableBytes() >= needed;
        String summary = "%s are free in \"%s\", the copy takes up to %s: %s of data, %s of WAL, %s of room to work"
                .formatted(
                        Amount.bytes(usage.availableBytes()),
                        home.scratch(),
                        Amount.bytes(needed),
                        Amount.bytes(data),
                        Amount.bytes(wal),
                        Amount.bytes(growth));
        if (fits) {
            add("space", true, summary);
        } else {
            fail(
                    "space",
                    summary,
                    "Name a directory on a larger disk with --scratch; on an XFS or btrfs with the standby's own files the copy shares their blocks.");
        }
    }
}
