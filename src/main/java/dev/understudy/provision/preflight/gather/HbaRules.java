package dev.understudy.provision.preflight.gather;

import dev.understudy.server.facts.HbaRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Judges the lines of pg_hba.conf for a physical replication connection over TCP, as the server does: the first line that
 * fits decides.
 *
 * <p>Source: {@code check_hba} in {@code src/backend/libpq/hba.c}.
 */
final class HbaRules {
    private final List<HbaRule> rules;

    HbaRules(List<HbaRule> rules) {
        this.rules = rules;
    }

    /**
     * The line that decides.
     *
     * @param user the role
     * @param address its numeric address
     * @return empty if no line fits, which means no
     */
    Optional<HbaRule> deciding(String user, String address) {
        return rules.stream()
                .filter(rule -> rule.error().isEmpty())
                .filter(rule -> rule.type().startsWith("host"))
                .filter(rule -> rule.databases().contains("replication"))
                .filter(rule -> fitsUser(rule, user))
                .filter(rule -> fitsAddress(rule, address))
                .findFirst();
    }

    static boolean admits(HbaRule rule) {
        return !rule.method().equals("reject");
    }

    /** Membership in a group cannot be told from here; a line for a group counts as one for somebody else. */
    private static boolean fitsUser(HbaRule rule, String user) {
        return rule.users().stream()
                .anyMatch(name -> name.equals("all")
                        || name.equals(user)
                        || name.startsWith("/") && user.matches(".*(" + name.substring(1) + ").*"));
    }

    private static boolean fitsAddress(HbaRule rule, String address) {
        String wanted = rule.address().orElse("");
        if (wanted.equals("all")) {
            return true;
        }
        Optional<byte[]> network = bytes(wanted);
        Optional<byte[]> mask = bytes(rule.netmask().orElse(""));
        Optional<byte[]> client = bytes(address);
        if (network.isEmpty() || mask.isEmpty() || client.isEmpty()) {
            return false;
        }
        return masked(client.get(), network.get(), mask.get());
    }

    private static boolean masked(byte[] client, byte[] network, byte[] mask) {
        if (client.length != network.length || mask.length != network.length) {
            return false;
        }
        for (int i = 0; i < client.length; i++) {
            if (((client[i] ^ network[i]) & mask[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Numeric addresses only: a name is never looked up. */
    private static Optional<byte[]> bytes(String address) {
        if (!address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            // Not an address after all: such a line fits nobody.
            return Optional.empty();
        }
    }
}
