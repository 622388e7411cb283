package dev.understudy.promotion.check.settings;

import java.util.Arrays;

/** What listen_addresses says. */
final class AddressList {
    private AddressList() {}

    /** Whether nobody from another machine can come in by any of the addresses. */
    static boolean isLocal(String addresses) {
        return Arrays.stream(addresses.split(","))
                .map(String::strip)
                .allMatch(address -> address.isEmpty()
                        || address.equals("localhost")
                        || address.equals("::1")
                        || address.startsWith("127."));
    }
}
