package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.Format;
import dev.understudy.cli.console.LiveRun;
import dev.understudy.engine.Progress;
import dev.understudy.engine.journal.JournalCodec;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.report.JsonReport;
import dev.understudy.report.Paint;
import dev.understudy.report.RunReport;
import dev.understudy.report.TextReport;
import java.time.Clock;

/** All that a command says while a run goes on and when it ends: to people, and as JSON lines to programs. */
public final class RunOutput implements EngineListener, AutoCloseable {
    private final Console console;
    private final Format format;
    private final LiveRun live;

    public RunOutput(Console console, Format format) {
        this.console = console;
        this.format = format;
        this.live = new LiveRun(console.people(format), Clock.systemUTC());
    }

    /** What run it is, for people; a run that goes on said so to programs when it began. */
    void recall(JournalEvent.RunStarted started) {
        live.event(started);
    }

    @Override
    public void event(JournalEvent event) {
        if (format == Format.JSON) {
            console.out().line(JournalCodec.write(event));
        }
        live.event(event);
    }

    @Override
    public void progress(String step, Progress progress) {
        live.progress(step, progress);
    }

    /** A word to people between the lines of the run. */
    public void say(String text) {
        live.line(text);
    }

    /** The end: outcome and proof to people, the whole report as the last line of JSON. */
    void end(RunReport report) {
        Console.Stream people = console.people(format);
        Paint paint = people.colour() ? Paint.COLOURED : Paint.PLAIN;
        live.line("");
        live.line(TextReport.renderEnd(report, paint).stripTrailing());
        if (format == Format.JSON) {
            console.out().line(JsonReport.line(report));
        }
    }

    @Override
    public void close() {
        live.close();
    }
}
