package dev.understudy.provision.preflight.request;

/** How the standby comes by the WAL that is written while its data directory is copied. */
public enum WalWay {
    /** A replication slot on the primary keeps it. */
    SLOT("slot"),
    /** Understudy receives it into the copy while copying. */
    STREAM("stream"),
    /** A restore_command fetches it. */
    ARCHIVE("archive");

    private final String printed;

    WalWay(String printed) {
        this.printed = printed;
    }

    public String printed() {
        return printed;
    }

    @Override
    public String toString() {
        return printed;
    }
}
