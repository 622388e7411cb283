package dev.understudy.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.open.Hosts;
import dev.understudy.host.open.LaterHost;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LaterHostTest {
    private final AtomicInteger tries = new AtomicInteger();

    /** Reached at the second try. */
    private final LaterHost host = new LaterHost("ssh://later", () -> {
        if (tries.incrementAndGet() == 1) {
            throw UnderstudyException.of(ErrorCode.HOST_UNREACHABLE, "not there yet")
                    .build();
        }
        return Hosts.local();
    });

    @Test
    void isOpenedWhenItIsUsedAndTriedAnewUntilItIsThere() {
        assertThat(host.name()).isEqualTo("ssh://later");
        assertThat(host.isLocal()).isFalse();
        assertThat(tries).hasValue(0);

        assertThatThrownBy(host::files).hasMessage("not there yet");
        assertThat(host.run(Command.of("echo", "hi")).text()).isEqualTo("hi");
        assertThat(host.account()).isEqualTo(Hosts.local().account());
        assertThat(tries).hasValue(2);
        host.close();
    }

    @Test
    void closingOneThatWasNeverUsedOpensNothing() {
        host.close();

        assertThat(tries).hasValue(0);
    }
}
