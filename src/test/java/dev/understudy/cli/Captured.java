package dev.understudy.cli;

import dev.understudy.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A command line run in this process, and what it wrote. */
record Captured(int status, String out, String err) {
    static Captured run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.execute(new Console(stream(out), stream(err)), arguments);
        return new Captured(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Console.Stream stream(ByteArrayOutputStream bytes) {
        return Console.Stream.plain(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }
}
