package dev.understudy.transfer.ssh;

import dev.understudy.transfer.files.FileTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives files their size, mode and time, many by one program where they get the same, and leaves alone what is right
 * already. Not for use by several threads.
 */
final class Attributes {
    private static final int AT_ONCE = 200;
    private static final int PENDING = 1000;
    private static final int FRESH_MODE = 0600;

    private final RemoteSink sink;
    private final RemoteShell shell;
    /** In the order they are to be done: what changes a size changes the time, too. */
    private final List<Map<Change, List<String>>> pending =
            List.of(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());

    private int count;

    /** What files of one place get. */
    private record Change(String function, String value, String place) {}

    Attributes(RemoteSink sink, RemoteShell shell) {
        this.sink = sink;
        this.shell = shell;
    }

    void set(String path, long size, int mode, long modifiedSeconds) throws IOException {
        FileTable before = sink.listed();
        int known = before.find(path);
        boolean touched = sink.settled(path) || known < 0;
        boolean cut = touched || before.size(known) != size;
        if (cut) {
            add(0, "cut", Long.toString(size), path);
        }
        if ((known < 0 ? FRESH_MODE : before.mode(known)) != mode) {
            add(1, "mode", Integer.toOctalString(mode), path);
        }
        if (cut || before.modifiedSeconds(known) != modifiedSeconds || before.modifiedNanos(known) != 0) {
            add(2, "stamp", Long.toString(modifiedSeconds), path);
        }
        if (count >= PENDING) {
            flush();
        }
    }

    private void add(int order, String function, String value, String path) {
        pending.get(order)
                .computeIfAbsent(new Change(function, value, sink.footing().place(path)), change -> new ArrayList<>())
                .add(path);
        count++;
    }

    void flush() throws IOException {
        for (Map<Change, List<String>> changes : pending) {
            for (Map.Entry<Change, List<String>> change : changes.entrySet()) {
                request(change.getKey(), change.getValue());
            }
            changes.clear();
        }
        count = 0;
    }

    private void request(Change change, List<String> paths) throws IOException {
        sink.footing().enter(shell, paths.get(0));
        for (int from = 0; from < paths.size(); from += AT_ONCE) {
            List<String> arguments = new ArrayList<>(List.of(change.value()));
            paths.subList(from, Math.min(paths.size(), from + AT_ONCE))
                    .forEach(path -> arguments.add(sink.footing().name(path)));
            shell.request(change.function(), arguments.toArray(String[]::new));
        }
    }
}
