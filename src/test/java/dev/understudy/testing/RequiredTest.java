package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

final class RequiredTest {
    @Test
    void aPartThatIsThereLetsTheTestGoOn() {
        assertThatCode(() -> Required.check("ssh", true, "no sshd", "")).doesNotThrowAnyException();
        assertThatCode(() -> Required.check("ssh", true, "no sshd", "ssh,docker"))
                .doesNotThrowAnyException();
    }

    @Test
    void aMissingPartSkipsTheTest() {
        assertThatThrownBy(() -> Required.check("ssh", false, "no sshd", "docker"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("needs ssh: no sshd");
    }

    @Test
    void aMissingPartThatIsDemandedFailsTheTest() {
        assertThatThrownBy(() -> Required.check("ssh", false, "no sshd", "docker, ssh"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessage("understudy.require demands ssh: no sshd");
    }

    @Test
    void aMisspeltDemandFailsTheTestRatherThanDemandingNothing() {
        assertThatThrownBy(() -> Required.check("ssh", true, "no sshd", "shh"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessage("understudy.require=shh names an unknown part; there are"
                        + " [docker, openssl, pgbouncer, postgresql-15, root, shellcheck, ssh]");
    }

    @Test
    void anUnknownPartIsADefectOfTheTest() {
        assertThatThrownBy(() -> Required.check("telnet", true, "", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
