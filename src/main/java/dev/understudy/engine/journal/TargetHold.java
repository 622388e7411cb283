package dev.understudy.engine.journal;

/** A lock on what a run builds, where that lies, besides the one in the state directory. */
public interface TargetHold extends AutoCloseable {
    /** None beyond the state directory's. */
    TargetHold NONE = () -> {};

    /** Gives the lock back. */
    @Override
    void close();
}
