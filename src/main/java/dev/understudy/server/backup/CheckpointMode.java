package dev.understudy.server.backup;

/** How the checkpoint at the start of a backup is done. */
public enum CheckpointMode {
    /** At once, at the price of a burst of writes. */
    FAST,
    /** Spread over {@code checkpoint_completion_target}: the start may take minutes. */
    SPREAD
}
