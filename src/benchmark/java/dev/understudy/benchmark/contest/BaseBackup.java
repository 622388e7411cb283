package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Yard;
import dev.understudy.testing.Oracles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The peer of most contests: {@code pg_basebackup}, which flushes what it wrote, as Understudy does. */
final class BaseBackup {
    private final Yard yard;

    BaseBackup(Yard yard) {
        this.yard = yard;
    }

    /** Over the Unix socket. */
    Program.Ran overSocket() {
        return here(yard.cluster().socketConninfo());
    }

    /** Over TLS on the loopback interface. */
    Program.Ran overTls() {
        return here(yard.cluster().conninfo("127.0.0.1", "require"));
    }

    /** From the other host, over the cable. */
    Program.Ran overCable(String sslmode, String... options) {
        String conninfo = yard.cluster().conninfo(yard.network().addressOfTest(), sslmode);
        return take(command -> yard.network().inside(Yard.STANDBY, command), conninfo, options);
    }

    private Program.Ran here(String conninfo) {
        return take(command -> command, conninfo);
    }

    private interface Place {
        List<String> at(List<String> command);
    }

    private Program.Ran take(Place place, String conninfo, String... options) {
        Path room = yard.room("peer");
        List<String> arguments =
                new ArrayList<>(List.of("-d", conninfo, "-D", room.toString(), "-X", "stream", "-c", "fast"));
        arguments.addAll(List.of(options));
        yard.settle();
        // As root: the server's account may not make a directory in the yard.
        List<String> line =
                new ArrayList<>(List.of(Oracles.program("pg_basebackup").toString()));
        line.addAll(arguments);
        Program.Ran ran = yard.program().run(place.at(line));
        yard.clear(room);
        return ran;
    }
}
