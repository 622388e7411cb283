package dev.understudy.provision.lock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a lock says of its holder: the text of a symbolic link, {@code NAME=VALUE} pairs with commas between.
 *
 * @param run the holder's run
 * @param process the holder
 * @param host name of the holder's machine, for people
 * @param user whose process it is, for people
 */
record Claim(String run, ProcessIdentity process, String host, String user) {
    private static final String FORMAT = "understudy=1";

    String text() {
        List<String> pairs = new ArrayList<>(List.of(FORMAT));
        pairs.add("run=" + plain(run));
        pairs.add("pid=" + process.pid());
        pairs.add("start=" + plain(process.start()));
        pairs.add("boot=" + plain(process.boot()));
        pairs.add("namespace=" + plain(process.namespace()));
        pairs.add("machine=" + plain(process.machine()));
        pairs.add("host=" + plain(host));
        pairs.add("user=" + plain(user));
        return String.join(",", pairs);
    }

    private static String plain(String value) {
        return value.replaceAll("[^A-Za-z0-9_.-]", "_");
    }

    /** Empty if the text is no such claim. */
    static Optional<Claim> parse(String text) {
        if (!text.startsWith(FORMAT + ",")) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            values.put(pair.substring(0, Math.max(equals, 0)), pair.substring(equals + 1));
        }
        if (!values.getOrDefault("pid", "").matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        ProcessIdentity process = new ProcessIdentity(
                Long.parseLong(values.get("pid")),
                values.getOrDefault("start", ""),
                values.getOrDefault("boot", ""),
                values.getOrDefault("namespace", ""),
                values.getOrDefault("machine", ""));
        return Optional.of(new Claim(
                values.getOrDefault("run", ""),
                process,
                values.getOrDefault("host", ""),
                values.getOrDefault("user", "")));
    }
}
