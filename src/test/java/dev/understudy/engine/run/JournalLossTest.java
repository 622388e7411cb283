package dev.understudy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunState;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalLossTest {
    @TempDir
    private Path directory;

    @Test
    void aRunThatCannotWriteItsJournalTakesBackWhatItMade() {
        EngineFixture fixture = new EngineFixture(directory);
        AtomicReference<OpenRun> opened = new AtomicReference<>();
        FakeStep one = fixture.step("one");
        FakeStep two = fixture.step("two").applying(context -> {
            opened.get().journal().close();
            context.record("fact", "lost");
        });
        try (OpenRun run = fixture.open(one, two)) {
            opened.set(run);

            RunState state = fixture.engine(one, two).run(run);

            assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
            assertThat(state.error()).map(Failure::code).contains("JOURNAL_UNWRITABLE");
            assertThat(state.warnings()).anyMatch(warning -> warning.startsWith("could not write journal"));
            assertThat(fixture.world).isEmpty();
        }
    }
}
