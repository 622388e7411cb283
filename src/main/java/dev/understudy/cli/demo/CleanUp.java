package dev.understudy.cli.demo;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stops the demo's servers and removes its files, once, however the demo ends. */
final class CleanUp {
    private final Workshop workshop;
    private final Thread atExit = new Thread(this::run, "demo-clean-up");
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable DemoServer primary;
    private volatile @Nullable DemoServer standby;

    CleanUp(Workshop workshop) {
        this.workshop = workshop;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Registers the primary before it can be running. */
    DemoPrimary startPrimary(java.nio.file.Path bin, Supplier<DemoPrimary> start) {
        primary = new DemoServer(workshop.host(), bin, workshop.root().resolve("primary"));
        return start.get();
    }

    void willStartStandby(DemoServer server) {
        standby = server;
    }

    /** From now on all is left as it is. */
    void forget() {
        over.set(true);
    }

    boolean isWanted() {
        return !over.get();
    }

    synchronized void run() {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        stop(standby);
        stop(primary);
        workshop.remove();
    }

    private static void stop(@Nullable DemoServer server) {
        if (server != null) {
            server.stopAtOnce();
        }
    }
}
