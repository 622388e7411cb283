package dev.understudy.host.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where SSH's files are.
 *
 * @param home the user's home directory, for {@code ~} and the default keys
 * @param configFiles configuration files, the first to say something wins; those that do not exist are empty
 * @param agentSocket socket of the agent that holds keys
 */
public record SshOptions(Path home, List<Path> configFiles, Optional<Path> agentSocket) {
    /** Names another file than {@code ~/.ssh/config} and {@code /etc/ssh/ssh_config}, as {@code ssh -F} does. */
    public static final String CONFIG_VARIABLE = "UNDERSTUDY_SSH_CONFIG";

    /** The same as a system property; it wins. */
    public static final String CONFIG_PROPERTY = "understudy.ssh.config";

    public SshOptions {
        configFiles = List.copyOf(configFiles);
    }

    /** What {@code ssh} itself would use, unless {@link #CONFIG_VARIABLE} or {@link #CONFIG_PROPERTY} say otherwise. */
    public static SshOptions ofEnvironment() {
        String given = System.getenv().getOrDefault("HOME", "");
        Path home = Path.of(given.isEmpty() ? System.getProperty("user.home", "/") : given);
        String named = System.getProperty(CONFIG_PROPERTY, System.getenv(CONFIG_VARIABLE));
        List<Path> files = named == null || named.isEmpty()
                ? List.of(home.resolve(".ssh/config"), Path.of("/etc/ssh/ssh_config"))
                : List.of(Path.of(named));
        String agent = System.getenv("SSH_AUTH_SOCK");
        return new SshOptions(
                home, files, agent == null || agent.isEmpty() ? Optional.empty() : Optional.of(Path.of(agent)));
    }
}
