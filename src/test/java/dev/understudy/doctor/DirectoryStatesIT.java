package dev.understudy.doctor;

import static dev.understudy.doctor.PairState.healthy;
import static dev.understudy.doctor.PairState.state;
import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V11;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V17;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be wrong with a standby's data directory and its programs, each made on a real pair. */
final class DirectoryStatesIT {
    /** Those of a build. */
    static final List<ServerMajor> MAJORS = List.of(ServerMajor.V12, ServerMajor.V18);

    private static final String CONTROL = "global/pg_control";

    private byte[] kept = new byte[0];

    static Stream<ServerMajor> majors() {
        return PairStates.majors(MAJORS).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (BrokenPair pair = BrokenPair.start(major)) {
            PairStates.take(pair, PairStates.dealt(states(), major, MAJORS));
        }
    }

    static List<PairState> states() {
        DirectoryStatesIT deeds = new DirectoryStatesIT();
        return Stream.of(configuration(), files(), owners(), processes(), deeds.bytes(), seconds())
                .flatMap(List::stream)
                .toList();
    }

    private static List<PairState> configuration() {
        return List.of(
                state("not-started")
                        .by(BrokenPair::stopStandby)
                        .says("The standby's server does not run")
                        .evidence("{data}/postmaster.pid: is not there", "pg_control: state \"shut down in recovery\"")
                        .remedy("start", "pg_ctl -D {data} start"),
                state("library-missing")
                        .by(pair -> pair.failWith("shared_preload_libraries = 'no_such'"))
                        .followedBy("not-started")
                        .says("A library that the configuration names is not installed here: no_such")
                        .evidence("could not access file \"no_such\": No such file or directory")
                        .remedy("install-library", "grep -rn shared_preload_libraries {data}/*.conf"),
                state("port-in-use")
                        .by(pair -> pair.failWith(pair.fill("port = {primary-port}")))
                        .followedBy("not-started")
                        .says("Something else listens on the port of the standby's server")
                        .evidence("Address already in use")
                        .remedy("free-the-port", "ss -ltnp; or: echo \"port = 5433\" >> {data}/postgresql.auto.conf"),
                state("major-version-mismatch")
                        .form("programs")
                        .by(DirectoryStatesIT::startWithAnotherMajor)
                        .followedBy("not-started")
                        .evidence("PG_VERSION of the standby: ")
                        .remedy("use-the-same-major", "cat {data}/PG_VERSION"));
    }

    private static List<PairState> files() {
        return List.of(
                state("signal-files-conflict")
                        .since(V12)
                        .by(pair -> pair.write("recovery.signal", ""))
                        .evidence("{data}: standby.signal and recovery.signal are both there")
                        .remedy(
                                "set-recovery-signal-aside",
                                "mv -n {data}/recovery.signal {data}/recovery.signal.unwanted"),
                state("recovery-conf-on-12")
                        .since(V12)
                        .by(pair -> {
                            pair.stopStandby();
                            pair.write("recovery.conf", "standby_mode = on\n");
                            pair.startInVain();
                        })
                        .followedBy("not-started")
                        .evidence("recovery.conf is there, and PG_VERSION is ")
                        .evidence("using recovery command file \"recovery.conf\" is not supported")
                        .remedy(
                                "convert-recovery-conf",
                                "d={data}; grep -v standby_mode \"$d\"/recovery.conf >> \"$d\"/postgresql.auto.conf &&"
                                        + " mv -n \"$d\"/recovery.conf \"$d\"/recovery.conf.converted && touch"
                                        + " \"$d\"/standby.signal"));
    }

    private static List<PairState> owners() {
        List<PairState> states = new ArrayList<>(List.of(
                state("data-directory-permissions")
                        .form("refused")
                        .by(pair -> {
                            pair.stopStandby();
                            mode(pair, "rwxr-xr-x");
                            pair.startInVain();
                        })
                        .thenMend(pair -> mode(pair, "rwx------"))
                        .followedBy("not-started")
                        .evidence("{data}: mode 0755, owner " + Account.ofServers())
                        .remedy(
                                "correct-permissions",
                                "chown -R " + Account.ofServers() + " {data} && chmod 0700 {data}"),
                state("data-directory-permissions")
                        .form("the group may read, up to 10")
                        .until(V10)
                        .by(pair -> mode(pair, "rwxr-x---"))
                        .thenMend(pair -> mode(pair, "rwx------"))
                        .evidence("{data}: mode 0750, owner " + Account.ofServers()),
                healthy("the group may read, from 11 on")
                        .since(V11)
                        .by(pair -> mode(pair, "rwxr-x---"))
                        .thenMend(pair -> mode(pair, "rwx------"))));
        if (Account.isRoot()) {
            states.add(state("data-directory-permissions")
                    .form("somebody else's file")
                    .by(pair -> own(pair, "PG_VERSION", "root"))
                    .thenMend(pair -> own(pair, "PG_VERSION", Account.ofServers()))
                    .evidence("{data}: somebody else owns: PG_VERSION"));
        }
        return states;
    }

    private static List<PairState> processes() {
        return List.of(
                state("postmaster-pid-stale")
                        .by(pair -> {
                            pair.stopStandby();
                            String pid = Long.toString(pair.primary().pid());
                            pair.write("postmaster.pid", pid + "\n" + pair.fill("{data}") + "\n1\n1\n\n\n\n");
                        })
                        .thenMend(pair -> Files.delete(file(pair, "postmaster.pid")))
                        .followedBy("not-started")
                        .evidence("is not this server: ")
                        .remedy("set-pid-file-aside", "mv -n {data}/postmaster.pid {data}/postmaster.pid.stale"),
                state("not-started")
                        .form("killed")
                        .by(pair -> Processes.kill(pair.standby()))
                        .thenMend(pair -> pair.standby().start())
                        .evidence("{data}/postmaster.pid: names process ", ", which is not this server")
                        .evidence("pg_control: state \"in archive recovery\""),
                state("shared-memory-conflict")
                        .by(Processes::killAllButOneBackend)
                        .thenMend(pair -> {
                            Processes.killBackend();
                            pair.standby().start();
                        })
                        .followedBy("not-started")
                        .evidence("pre-existing shared memory block")
                        .remedy("end-left-processes", "ps -o pid,args -C postgres; ipcs -m"));
    }

    private List<PairState> bytes() {
        return List.of(
                state("control-file-corrupt")
                        .by(pair -> {
                            pair.stopStandby();
                            flip(file(pair, CONTROL), 60);
                            pair.startInVain();
                        })
                        .thenMend(pair -> flip(file(pair, CONTROL), 60))
                        .alsoRepairedBy("reseed")
                        .followedBy("not-started")
                        .evidence("global/pg_control: ")
                        .says(
                                "pg_control is damaged, and a server without it is lost; pg_resetwal would only hide that"),
                state("page-corrupt")
                        .by(this::damageATable)
                        .thenMend(pair -> {
                            pair.stopStandby();
                            Files.write(tableFile(pair), kept);
                            pair.standby().start();
                            // Otherwise a server with checksums remembers what it has read.
                            pair.standby().execute("SELECT pg_stat_reset()");
                        })
                        .alsoRepairedBy("reseed")
                        .evidence("invalid page in block 0 of relation ")
                        .says("Pages of the standby's data are damaged"));
    }

    /** Those after which the directory has to be seeded anew. */
    private static List<PairState> seconds() {
        return List.of(
                state("ran-as-primary")
                        .form("promoted")
                        .by(pair -> {
                            promote(pair);
                            pair.standby().execute("INSERT INTO t VALUES (3)", "CHECKPOINT");
                        })
                        .repairedBy("reseed")
                        .says("This server is open for writes: it is no standby")
                        .evidence("pg_is_in_recovery() on the standby: false, on timeline 2")
                        .evidence("primary: also open for writes, on timeline 1, system identifier ")
                        .remedy(
                                "decide-which-is-primary",
                                "SELECT pg_is_in_recovery(), pg_current_wal_lsn();  -- on both"),
                state("ran-as-primary")
                        .form("started without its signal file")
                        .by(pair -> {
                            pair.stopStandby();
                            Files.delete(file(pair, pair.isAtLeast(V12) ? "standby.signal" : "recovery.conf"));
                            pair.standby().start();
                            pair.standby().execute("INSERT INTO t VALUES (3)", "CHECKPOINT");
                        })
                        .repairedBy("reseed")
                        .evidence("pg_is_in_recovery() on the standby: false, on timeline "));
    }

    private static Path file(BrokenPair pair, String name) {
        return pair.standby().dataDirectory().resolve(name);
    }

    private static void mode(BrokenPair pair, String mode) throws IOException {
        Files.setPosixFilePermissions(pair.standby().dataDirectory(), PosixFilePermissions.fromString(mode));
    }

    private static void own(BrokenPair pair, String name, String owner) throws IOException {
        Path file = file(pair, name);
        Files.setOwner(
                file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
    }

    private static Path tableFile(BrokenPair pair) {
        return file(pair, pair.primary().query("SELECT pg_relation_filepath('t')"));
    }

    /** Overwrites a page's header, which is noticed with or without checksums. */
    private void damageATable(BrokenPair pair) throws IOException {
        pair.primary().execute("CHECKPOINT");
        pair.stopStandby();
        kept = Files.readAllBytes(tableFile(pair));
        byte[] damaged = kept.clone();
        for (int i = 8; i < 24; i++) {
            damaged[i] = (byte) 0xEE;
        }
        Files.write(tableFile(pair), damaged);
        pair.standby().start();
        try {
            pair.standby().query("SELECT count(*) FROM t");
        } catch (IllegalStateException e) {
            // That the page is invalid, which the log says, too.
        }
    }

    private static void promote(BrokenPair pair) {
        Path program = pair.standby().binDirectory().resolve("pg_ctl");
        Account.run(Account.asServer(List.of(program.toString(), "promote", "-D", pair.fill("{data}"))), Map.of());
        Awaitility.await("promotion")
                .atMost(Duration.ofSeconds(60))
                .until(() -> "f".equals(pair.standby().query("SELECT pg_is_in_recovery()")));
    }

    private static void startWithAnotherMajor(BrokenPair pair) {
        pair.stopStandby();
        ServerMajor other = pair.major().equals(V17) ? ServerMajor.V18 : V17;
        Path program = EmbeddedBinaries.installation(other).resolve("bin/pg_ctl");
        Account.run(
                Account.asServer(List.of(
                        "sh",
                        "-c",
                        "\"$0\" start -W -s -D \"$1\" -l \"$2\" || true",
                        program.toString(),
                        pair.fill("{data}"),
                        pair.fill("{log}"))),
                Map.of("LC_ALL", "C"));
    }
}
