package dev.understudy.cli.run;

import dev.understudy.cli.console.Version;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunSummary;
import dev.understudy.engine.journal.Runs;
import dev.understudy.provision.bundle.BundleIndex;
import java.time.Clock;
import java.util.List;

/** The runs of this account on this machine. */
public final class State {
    private State() {}

    public static Runs runs() {
        return new Runs(
                Runs.defaultDirectory(System.getenv()), Clock.systemUTC(), ProcessInfo.current(Version.number()));
    }

    /** The bundles that this account has begun on this machine. */
    public static BundleIndex bundles() {
        return BundleIndex.in(Runs.defaultDirectory(System.getenv()));
    }

    /** A run's full name from any part of it that fits one run alone; otherwise the text itself. */
    static String fullName(Runs runs, String text) {
        List<String> fitting = runs.list().stream()
                .map(RunSummary::run)
                .filter(run -> run.contains(text))
                .toList();
        return fitting.size() == 1 && !text.isBlank() ? fitting.get(0) : text;
    }
}
