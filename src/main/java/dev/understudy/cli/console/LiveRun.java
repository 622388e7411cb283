package dev.understudy.cli.console;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Progress;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.report.Paint;
import dev.understudy.report.Printable;
import dev.understudy.report.StepState;
import dev.understudy.report.Words;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run while it goes on: a line for each step with its time and what was seen, and beneath it, on a terminal, what
 * goes on right now. Elsewhere, in a log file, say, a line now and then tells of long waits and long copies.
 */
public final class LiveRun implements EngineListener, AutoCloseable {
    private static final Duration REDRAW = Duration.ofMillis(200);
    private static final Duration NOW_AND_THEN = Duration.ofSeconds(15);
    private static final int MANY = 12;
    private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

    private final Clock clock;
    private final StatusLine status;
    private final Paint paint;
    private final @Nullable ScheduledExecutorService ticker;
    private final Set<Evidence> seen = new LinkedHashSet<>();
    private int nameWidth = 20;
    private int tick;
    private String step = "";
    private String doing = "";
    private Instant stepBegan = Instant.EPOCH;
    private Instant progressSaid = Instant.EPOCH;
    private Instant waitEnds = Instant.EPOCH;
    private @Nullable Progress progress;
    private RateMeter rate = new RateMeter();

    public LiveRun(Console.Stream stream, Clock clock) {
        this.clock = clock;
        this.status = new StatusLine(stream);
        this.paint = stream.colour() ? Paint.COLOURED : Paint.PLAIN;
        this.ticker = stream.terminal() ? startTicker() : null;
    }

    private ScheduledExecutorService startTicker() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "live-display");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleAtFixedRate(this::redraw, REDRAW.toMillis(), REDRAW.toMillis(), TimeUnit.MILLISECONDS);
        return executor;
    }

    @Override
    public synchronized void event(JournalEvent event) {
        if (event instanceof JournalEvent.RunStarted started) {
            begin(started);
        } else if (event instanceof JournalEvent.StepProbing probing) {
            beginStep(probing.step(), "");
        } else if (event instanceof JournalEvent.StepProbed probed) {
            doing = probed.intent();
            waitEnds = Instant.EPOCH;
            seen.addAll(probed.evidence());
        } else if (event instanceof JournalEvent.StepApplied applied) {
            seen.addAll(applied.evidence());
        } else if (event instanceof JournalEvent.StepVerified verified) {
            if (seen.size() > MANY) {
                // The report has them all; here they would push everything else off the screen.
                seen.clear();
            }
            seen.addAll(verified.evidence());
            endStep(StepState.VERIFIED, "");
        } else if (event instanceof JournalEvent.StepFailed failed) {
            endStep(StepState.FAILED, "");
            failure(failed.error());
        } else {
            unusual(event);
        }
    }

    private void unusual(JournalEvent event) {
        if (event instanceof JournalEvent.Waiting waiting) {
            waiting(waiting);
        } else if (event instanceof JournalEvent.Warned warned) {
            line(paint.yellow("  !") + " " + Printable.line(warned.message()));
        } else if (event instanceof JournalEvent.Retrying retrying) {
            again(retrying.step(), retrying.attempt(), retrying.of(), retrying.pauseSeconds(), retrying.leftSeconds());
        } else if (event instanceof JournalEvent.BracketRestarted restarted) {
            line(paint.yellow("  ! ") + Printable.line(restarted.error().message()));
            again(
                    restarted.bracket(),
                    restarted.attempt(),
                    restarted.of(),
                    restarted.pauseSeconds(),
                    restarted.leftSeconds());
        } else if (event instanceof JournalEvent.GuardFailed guard) {
            line(paint.red("  ✗ ") + "guard " + guard.guard() + ": "
                    + Printable.line(guard.error().message()));
        } else if (event instanceof JournalEvent.StepUndoing undoing) {
            beginStep(undoing.step(), "undoing");
        } else if (event instanceof JournalEvent.StepUndone undone) {
            seen.addAll(undone.evidence());
            endStep(StepState.UNDONE, "  undone");
        } else if (event instanceof JournalEvent.StepUndoFailed failed) {
            endStep(StepState.FAILED, "  could not be undone");
            failure(failed.error());
        } else if (event instanceof JournalEvent.RunFinished) {
            rest();
        }
    }

    private void begin(JournalEvent.RunStarted started) {
        nameWidth = started.steps().stream().mapToInt(String::length).max().orElse(nameWidth);
        line(paint.bold("Run " + started.run()) + ": playbook " + Printable.line(started.playbook()) + ", target "
                + Printable.line(started.target()));
    }

    private void beginStep(String name, String words) {
        step = name;
        doing = words;
        waitEnds = Instant.EPOCH;
        stepBegan = clock.instant();
        progress = null;
        progressSaid = stepBegan;
        rate = new RateMeter();
        seen.clear();
        redraw();
    }

    private void endStep(StepState state, String words) {
        line("  %s %s  %9s%s".formatted(paint.mark(state), pad(step), Words.duration(elapsed()), words));
        for (Evidence evidence : seen) {
            line("      " + Printable.line(evidence.claim()) + "  "
                    + paint.dim("[" + Printable.line(evidence.source()) + "]"));
        }
        rest();
    }

    /** Nothing goes on. */
    private void rest() {
        step = "";
        progress = null;
        seen.clear();
        status.erase();
    }

    private void waiting(JournalEvent.Waiting wait) {
        doing = wait.what().isEmpty() ? "" : "waiting for " + Printable.line(wait.what());
        waitEnds = wait.leftSeconds() > 0 ? wait.at().plusMillis((long) (wait.leftSeconds() * 1000)) : Instant.EPOCH;
        if (!status.canDraw() && !doing.isEmpty()) {
            line("  … " + step + ": " + doing + stillWaits());
        }
    }

    /** How long the wait may still take, if that is known. */
    private String stillWaits() {
        double left = Duration.between(clock.instant(), waitEnds).toMillis() / 1000.0;
        return left <= 0 ? "" : ", for " + Words.duration(left) + " at most";
    }

    private void again(String what, int attempt, int of, double pauseSeconds, double leftSeconds) {
        line(paint.yellow("  !")
                + " %s: attempt %d of %d in %s, given up in %s"
                        .formatted(what, attempt, of, Words.duration(pauseSeconds), Words.duration(leftSeconds)));
    }

    private void failure(Failure error) {
        line("      " + paint.red("error: ") + Printable.line(error.message()) + "  " + paint.dim(error.number()));
        if (!error.detail().isEmpty()) {
            detail("DETAIL:  ", error.detail());
        }
        error.hints().forEach(hint -> detail("HINT:  ", hint));
    }

    private void detail(String kind, String text) {
        line("      " + kind + Printable.lines(text).replace("\n", "\n        "));
    }

    @Override
    public synchronized void progress(String name, Progress now) {
        if (!name.equals(step)) {
            return;
        }
        Instant at = clock.instant();
        progress = now;
        rate.reading(at, now.done());
        if (!status.canDraw() && Duration.between(progressSaid, at).compareTo(NOW_AND_THEN) >= 0) {
            progressSaid = at;
            line("  … " + step + ": " + ProgressText.words(now, rate.perSecond()));
        }
    }

    private synchronized void redraw() {
        if (step.isEmpty() || !status.canDraw()) {
            return;
        }
        status.draw("  %s %s  %s".formatted(SPINNER[tick++ % SPINNER.length], pad(step), now()));
    }

    private String now() {
        String time = "%9s  ".formatted(Words.duration(elapsed()));
        return progress == null
                ? time + Printable.line(doing) + stillWaits()
                : ProgressText.withBar(progress, rate.perSecond());
    }

    private double elapsed() {
        return Duration.between(stepBegan, clock.instant()).toNanos() / 1e9;
    }

    /** A line between the others, such as what a signal started. */
    public synchronized void line(String text) {
        status.line(text);
    }

    private String pad(String name) {
        return name + " ".repeat(Math.max(0, nameWidth - name.length()));
    }

    @Override
    public synchronized void close() {
        if (ticker != null) {
            ticker.shutdownNow();
        }
        rest();
    }
}
