package dev.understudy.cli.run;

import dev.understudy.cli.console.ExitCode;
import dev.understudy.engine.run.Interruption;
import dev.understudy.engine.run.Interruption.Mode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * While open, signals ask a run to stop instead of ending the process. The first one stops in order, the second at once,
 * and from the third on nothing is waited for.
 */
public final class Signals implements AutoCloseable {
    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
    private final AtomicInteger received = new AtomicInteger();
    private final Interruption interruption;
    private final Consumer<String> people;

    private Signals(Interruption interruption, Consumer<String> people) {
        this.interruption = interruption;
        this.people = people;
    }

    /**
     * Begins to listen.
     *
     * @param onInterrupt what becomes of what the run made on Ctrl-C and SIGTERM. When the terminal is lost (SIGHUP) it
     *     is always kept: hours of copying are not undone because a laptop was closed
     */
    public static Signals listen(Interruption interruption, Mode onInterrupt, Consumer<String> people) {
        Signals signals = new Signals(interruption, people);
        signals.handle("INT", onInterrupt);
        signals.handle("TERM", onInterrupt);
        signals.handle("HUP", Mode.KEEP);
        return signals;
    }

    private void handle(String name, Mode mode) {
        Signal signal = new Signal(name);
        before.put(signal, Signal.handle(signal, got -> request(mode)));
    }

    private void request(Mode mode) {
        int count = received.incrementAndGet();
        if (count > 2) {
            // The engine was asked twice and has not ended: what is under way cannot be cut short any more gently.
            Runtime.getRuntime().halt(ExitCode.LEFT.number());
        }
        people.accept(count == 1 ? firstWords(mode) : "Stopping at once; the run can be resumed.");
        interruption.request(mode);
    }

    private static String firstWords(Mode mode) {
        return switch (mode) {
            case UNDO -> "Stopping: what the run made is taken back. Again to stop at once and leave it for resume.";
            case KEEP -> "Stopping: what the run made is kept for resume. Again to stop at once.";
        };
    }

    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
