package dev.understudy.provision.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.provision.preflight.check.Amount;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AmountTest {
    @Test
    void sizesArePrintedInUnitsOf1024() {
        assertThat(Amount.bytes(0)).isEqualTo("0 bytes");
        assertThat(Amount.bytes(1023)).isEqualTo("1023 bytes");
        assertThat(Amount.bytes(1536)).isEqualTo("1.5 kB");
        assertThat(Amount.bytes(24L << 20)).isEqualTo("24 MB");
        assertThat(Amount.bytes(1L << 40)).isEqualTo("1 TB");
        assertThat(Amount.bytes(Long.MAX_VALUE)).isEqualTo("8192 PB");
    }

    @Test
    void durationsArePrintedInTheirTwoLargestUnits() {
        assertThat(Amount.duration(Duration.ofMillis(120))).isEqualTo("120 ms");
        assertThat(Amount.duration(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(Amount.duration(Duration.ofSeconds(-90))).isEqualTo("-1 min 30 s");
        assertThat(Amount.duration(Duration.ofMinutes(200))).isEqualTo("3 h 20 min");
        assertThat(Amount.duration(Duration.ofHours(48))).isEqualTo("2 d");
    }
}
