package dev.understudy.host.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Everything needed for a log-in, resolved through the configuration. {@code StrictHostKeyChecking} is not read: host
 * keys are always checked.
 *
 * @param alias the host as the person wrote it
 * @param hostName the name or address to connect to
 * @param hostKeyAlias the name to look for in known_hosts instead
 * @param identityFiles private keys to offer, in order; those that do not exist are passed over
 * @param identitiesOnly whether the agent's other keys stay unused
 * @param agentSocket the agent's socket
 * @param knownHosts files of accepted host keys
 * @param jumps hosts to go through, the first being the nearest
 * @param connectTimeout limit of each step of connecting
 * @param aliveInterval silence after which the other end is asked for a sign of life
 * @param aliveLimit silence after which the connection is taken for lost
 */
record SshTarget(
        String alias,
        String hostName,
        int port,
        String user,
        Optional<String> hostKeyAlias,
        List<Path> identityFiles,
        boolean identitiesOnly,
        Optional<Path> agentSocket,
        List<Path> knownHosts,
        List<SshAddress> jumps,
        Duration connectTimeout,
        Duration aliveInterval,
        Duration aliveLimit) {
    private static final List<String> DEFAULT_IDENTITIES =
            List.of("~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa");
    private static final String DEFAULT_KNOWN_HOSTS = "~/.ssh/known_hosts ~/.ssh/known_hosts2";
    private static final String GLOBAL_KNOWN_HOSTS = "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2";

    static SshTarget resolve(SshAddress address, SshConfig config, SshOptions options) {
        return new Resolver(address, config, options).resolve();
    }

    /** {@code ssh://user@host:port}, as people know it. */
    String name() {
        return "ssh://%s@%s:%d".formatted(user, SshAddress.inUri(alias), port);
    }

    /** The name under which known_hosts holds this host. */
    String knownHostsName() {
        return hostKeyAlias.orElse(port == 22 ? hostName : "[" + hostName + "]:" + port);
    }

    /** Looks each setting up. */
    private static final class Resolver {
        private final SshAddress address;
        private final SshConfig config;
        private final SshOptions options;
        private final String host;
        private final String localUser = System.getProperty("user.name", "root");
        private String hostName;
        private int port;
        private String user;

        Resolver(SshAddress address, SshConfig config, SshOptions options) {
            this.address = address;
            this.config = config;
            this.options = options;
            this.host = address.host();
            this.hostName = host;
            this.port = address.port().orElseGet(() -> number("Port", 22));
            this.user = address.user().or(() -> config.first(host, "User")).orElse(localUser);
        }

        SshTarget resolve() {
            hostName = config.first(host, "HostName")
                    .map(name -> name.replace("%h", host).replace("%%", "%"))
                    .orElse(host);
            int interval = Math.max(1, orDefault(number("ServerAliveInterval", 0), 3));
            int count = Math.max(1, number("ServerAliveCountMax", 3));
            return new SshTarget(
                    host,
                    hostName,
                    port,
                    user,
                    config.first(host, "HostKeyAlias"),
                    identityFiles(),
                    config.first(host, "IdentitiesOnly").orElse("no").equalsIgnoreCase("yes"),
                    agentSocket(),
                    knownHosts(),
                    jumps(),
                    Duration.ofSeconds(Math.max(1, number("ConnectTimeout", 15))),
                    Duration.ofSeconds(interval),
                    Duration.ofSeconds((long) interval * count));
        }

        private static int orDefault(int value, int fallback) {
            return value == 0 ? fallback : value;
        }

        private int number(String keyword, int fallback) {
            String value = config.first(host, keyword).orElse("" + fallback);
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw invalid(keyword + " " + value, "It is not a number.");
            }
        }

        private List<Path> identityFiles() {
            List<String> named = config.all(host, "IdentityFile");
            List<String> files = named.isEmpty() ? DEFAULT_IDENTITIES : named;
            return files.stream()
                    .filter(file -> !file.equalsIgnoreCase("none"))
                    .map(file -> path(SshConfig.words(file).stream().findFirst().orElse(file)))
                    .toList();
        }

        private Optional<Path> agentSocket() {
            String agent = config.first(host, "IdentityAgent").orElse("SSH_AUTH_SOCK");
            if (agent.equals("SSH_AUTH_SOCK") || agent.equals("$SSH_AUTH_SOCK")) {
                return options.agentSocket();
            }
            return agent.equalsIgnoreCase("none") ? Optional.empty() : Optional.of(path(agent));
        }

        private List<Path> knownHosts() {
            String own = config.first(host, "UserKnownHostsFile").orElse(DEFAULT_KNOWN_HOSTS);
            String global = config.first(host, "GlobalKnownHostsFile").orElse(GLOBAL_KNOWN_HOSTS);
            return SshConfig.words(own + " " + global).stream()
                    .filter(file -> !file.equals("none"))
                    .map(this::path)
                    .toList();
        }

        private List<SshAddress> jumps() {
            Optional<String> jump = config.first(host, "ProxyJump").filter(value -> !value.equalsIgnoreCase("none"));
            Optional<String> command =
                    config.first(host, "ProxyCommand").filter(value -> !value.equalsIgnoreCase("none"));
            if (jump.isEmpty() && command.isPresent()) {
                throw invalid("ProxyCommand " + command.get(), "Use ProxyJump, which says the same for an SSH host.");
            }
            return jump.stream()
                    .flatMap(value -> Arrays.stream(value.split(",", -1)))
                    .map(value -> SshAddress.parse(value.strip()))
                    .toList();
        }

        private Path path(String text) {
            String expanded = text.replace("%%", "\0")
                    .replace("%d", options.home().toString())
                    .replace("%h", hostName)
                    .replace("%n", host)
                    .replace("%p", "" + port)
                    .replace("%r", user)
                    .replace("%u", localUser)
                    .replace("\0", "%");
            return SshConfig.expandHome(expanded, options.home());
        }

        private UnderstudyException invalid(String setting, String detail) {
            return UnderstudyException.of(
                            ErrorCode.SSH_CONFIGURATION_INVALID,
                            "cannot use SSH configuration of host \"%s\": %s",
                            host,
                            setting)
                    .detail("%s", detail)
                    .build();
        }
    }
}
