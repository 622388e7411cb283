package dev.understudy.server.hba;

import dev.understudy.server.facts.HbaRule;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Addresses of pg_hba.conf: numeric ones with their masks, and words, which are compared as words. */
final class HbaAddress {
    /** Two groups of zeroes or more, with the colons around them. */
    private static final Pattern ZEROES = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

    /** What looks like an address and is none would be asked for as a name. */
    private static final Pattern NUMERIC =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\\.(?!$)|$)){4}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private HbaAddress() {}

    /** Whether a rule's address column fits a client's address. A name is never looked up. */
    static boolean fits(HbaRule rule, String client) {
        String wanted = rule.address().orElse("");
        if (wanted.equals("all")) {
            return true;
        }
        Optional<byte[]> numeric = bytes(client);
        if (numeric.isEmpty()) {
            return wanted.equalsIgnoreCase(client)
                    || wanted.startsWith(".")
                            && client.toLowerCase(Locale.ROOT).endsWith(wanted.toLowerCase(Locale.ROOT));
        }
        Optional<byte[]> network = bytes(wanted);
        Optional<byte[]> mask = bytes(rule.netmask().orElse(""));
        return network.isPresent() && mask.isPresent() && masked(numeric.get(), network.get(), mask.get());
    }

    /**
     * Addresses of which every other one is decided about as one of them is, by any of the rules: where each network
     * begins and where it is over, and each word.
     */
    static List<String> representatives(List<HbaRule> rules) {
        TreeSet<String> found = new TreeSet<>(List.of("0.0.0.0", "::"));
        for (HbaRule rule : rules) {
            String wanted = rule.address().orElse("");
            Optional<byte[]> network = bytes(wanted);
            Optional<byte[]> mask = bytes(rule.netmask().orElse(""));
            if (network.isPresent() && mask.isPresent() && network.get().length == mask.get().length) {
                edges(network.get(), mask.get()).forEach(found::add);
            } else if (!wanted.isEmpty() && !wanted.equals("all") && network.isEmpty()) {
                found.add(wanted);
            }
        }
        return List.copyOf(found);
    }

    /** The first address of a network, and the first one behind it. */
    private static Stream<String> edges(byte[] network, byte[] mask) {
        byte[] first = network.clone();
        byte[] last = network.clone();
        for (int i = 0; i < first.length; i++) {
            first[i] &= mask[i];
            last[i] |= (byte) ~mask[i];
        }
        BigInteger behind = new BigInteger(1, last).add(BigInteger.ONE);
        return behind.bitLength() > last.length * Byte.SIZE
                ? Stream.of(text(first))
                : Stream.of(text(first), text(padded(behind.toByteArray(), last.length)));
    }

    private static byte[] padded(byte[] number, int length) {
        byte[] padded = new byte[length];
        int count = Math.min(number.length, length);
        System.arraycopy(number, number.length - count, padded, length - count, count);
        return padded;
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

    /** The mask of a prefix length, as the server prints it; empty if the length does not fit the address. */
    static Optional<String> mask(String address, int prefix) {
        return bytes(address)
                .filter(found -> prefix >= 0 && prefix <= found.length * Byte.SIZE)
                .map(found -> {
                    byte[] mask = new byte[found.length];
                    Arrays.fill(mask, 0, prefix / Byte.SIZE, (byte) 0xFF);
                    if (prefix % Byte.SIZE != 0) {
                        mask[prefix / Byte.SIZE] = (byte) (0xFF << (Byte.SIZE - prefix % Byte.SIZE));
                    }
                    return text(mask);
                });
    }

    /** Numeric addresses only: a name is never looked up. */
    static Optional<byte[]> bytes(String address) {
        if (!NUMERIC.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            // An IPv4 address in IPv6 clothes comes back as what it is, and a mask of ones would too.
            byte[] found = InetAddress.getByName(address).getAddress();
            return Optional.of(address.contains(":") && found.length == 4 ? mapped(found) : found);
        } catch (UnknownHostException e) {
            // Not an address after all: such a line fits nobody.
            return Optional.empty();
        }
    }

    private static byte[] mapped(byte[] four) {
        byte[] sixteen = new byte[16];
        sixteen[10] = (byte) 0xFF;
        sixteen[11] = (byte) 0xFF;
        System.arraycopy(four, 0, sixteen, 12, 4);
        return sixteen;
    }

    /** The longest row of zeroes left out, as PostgreSQL prints it: {@code ::1}. */
    private static String shortened(String text) {
        String longest = "";
        Matcher zeroes = ZEROES.matcher(text);
        while (zeroes.find()) {
            longest = zeroes.group().length() > longest.length() ? zeroes.group() : longest;
        }
        if (longest.isEmpty()) {
            return text;
        }
        int at = text.indexOf(longest);
        return text.substring(0, at) + "::" + text.substring(at + longest.length());
    }

    private static String text(byte[] address) {
        try {
            String text = InetAddress.getByAddress(address).getHostAddress();
            return address.length == 16 ? (text.contains(":") ? shortened(text) : "::ffff:" + text) : text;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not 4 or 16 bytes", e);
        }
    }
}
