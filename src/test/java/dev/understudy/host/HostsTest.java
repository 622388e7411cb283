package dev.understudy.host;

import static dev.understudy.host.HostContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.open.Hosts;
import dev.understudy.host.ssh.SshAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostsTest {
    @Test
    void addressesAreRead() {
        assertThat(SshAddress.parse("ssh://db1"))
                .isEqualTo(new SshAddress(Optional.empty(), "db1", OptionalInt.empty()));
        assertThat(SshAddress.parse("ssh://postgres@db1.example.org:2222/"))
                .isEqualTo(new SshAddress(Optional.of("postgres"), "db1.example.org", OptionalInt.of(2222)));
        assertThat(SshAddress.parse("ssh://me%40corp@[2001:db8::1]:22"))
                .isEqualTo(new SshAddress(Optional.of("me@corp"), "2001:db8::1", OptionalInt.of(22)));
        assertThat(SshAddress.parse("ssh://[fe80::1%eth0]").host()).isEqualTo("fe80::1%eth0");
        assertThat(Hosts.open("local").isLocal()).isTrue();
        Hosts.check("local");
        Hosts.check("ssh://db1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "db1",
                "http://db1",
                "ssh://",
                "ssh://@db1",
                "ssh://db1:0",
                "ssh://db1:65536",
                "ssh://db1/path",
                "ssh://a b",
                "ssh://-oProxyCommand=x",
                "ssh://-l@db1",
                "ssh://2001:db8::1",
                "ssh://[db1",
                "ssh://db1?x=y",
                "ssh://a%zz@db1"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertFails(ErrorCode.HOST_ADDRESS_INVALID, () -> Hosts.check(text));
    }

    @Test
    void passwordsAreRefusedAndNeverQuoted() {
        assertThatThrownBy(() -> Hosts.open("ssh://user:geheim@db1"))
                .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.HOST_ADDRESS_INVALID);
                    assertThat(e.describe()).doesNotContain("geheim").contains("db1");
                });
    }
}
