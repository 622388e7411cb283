package dev.understudy.host;

import java.time.Duration;
import java.util.List;

/**
 * Processes that were started for a run and outlived it: kill -9 of this program reaches none of them, since each command
 * is a session of its own, on another machine as on this one. They are known by variables of their environment, which
 * their children have inherited (proc(5), {@code /proc/PID/environ}; of other accounts only root can read it).
 */
public final class LeftProcesses {
    /** The run that a command belongs to. */
    public static final String RUN = "UNDERSTUDY_RUN";

    /** The step of that run. */
    public static final String STEP = "UNDERSTUDY_STEP";

    /** How long the kernel may take to end what was killed, such as a process that waits for a disk. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /**
     * Kills until none is left, and prints each process that it killed; without an end of its own, its limit is the
     * command's. A name that is new while it looks is found in the next round.
     */
    private static final String END = """
            while :; do
              left=
              for d in /proc/[0-9]*; do
                e=$({ tr '\\0\\n' '\\n ' < "$d/environ"; } 2>/dev/null) || continue
                case "
            $e
            " in *"
            $1
            "*) ;; *) continue ;; esac
                case "
            $e
            " in *"
            $2
            "*) left="$left ${d#/proc/}" ;; esac
              done
              [ -n "$left" ] || exit 0
              for p in $left; do
                if kill -s KILL "$p" 2>/dev/null; then echo "$p"; fi
              done
              sleep 0.1
            done""";

    private LeftProcesses() {}

    /** The same command, so marked that {@link #end} finds what it starts. */
    public static Command marked(Command command, String run, String step) {
        return command.withEnvironment(RUN, run).withEnvironment(STEP, step);
    }

    /**
     * Ends whatever a step of a run left at work on a host, and waits until it is gone.
     *
     * @return ids of the processes that were ended
     * @throws dev.understudy.error.UnderstudyException if one cannot be ended, or the host does not answer
     */
    public static List<String> end(Host host, String run, String step) {
        Command command = Command.shell(END, RUN + "=" + run, STEP + "=" + step).withLimit(LIMIT);
        return host.run(command).orThrow().text().lines().distinct().toList();
    }
}
