package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.plan.Playbooks;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.TreeDigest;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run through the command line that is to end badly: what is given to it, and what must be as before afterwards.
 *
 * @param primary the server it builds from
 * @param home its home, with the state in it
 * @param work the directory in which its target is to be, the servers' account's own
 */
record BadRun(EmbeddedPostgres primary, Path home, Path work) {
    Understudy understudy() {
        return new Understudy(home);
    }

    Path target() {
        return work.resolve("standby");
    }

    Map<String, String> parameters() {
        return new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target().toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
    }

    Map<String, String> parameters(String... changed) {
        Map<String, String> parameters = parameters();
        for (int i = 0; i < changed.length; i += 2) {
            parameters.put(changed[i], changed[i + 1]);
        }
        return parameters;
    }

    void refused(Map<String, String> parameters, String... words) {
        Map<String, String> before = TreeDigest.of(work);

        Ended ended = understudy().runPlaybook("standby", parameters);

        assertThat(ended.status()).as(ended.said()).isEqualTo(3);
        assertThat(ended.said()).contains(words);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
    }

    Ended undone(String playbook, Map<String, String> parameters, String... words) {
        Map<String, String> before = TreeDigest.of(work);

        Ended ended = understudy().runPlaybook(playbook, parameters);

        assertThat(ended.status()).as(ended.said()).isEqualTo(4);
        assertThat(ended.said()).contains(words);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        return ended;
    }

    /** The shipped playbook with a hook before one of its steps. */
    String hooked(String step, String hook) throws IOException {
        String text = Playbooks.load("standby").text();
        assertThat(text).contains("  - " + step);
        Path file = home.resolve("hooked.yaml");
        Files.writeString(file, text.replace("  - " + step, "  - run: " + hook + "\n  - " + step));
        return file.toString();
    }
}
