package dev.understudy.pgfile.wal;

import dev.understudy.postgres.Lsn;

/**
 * Where and why a reading of WAL ended.
 *
 * @param lsn start of the record that is incomplete, broken or not there
 * @param reason the kind of end
 * @param text the reason in a few words, such as {@code continues in 000000010000000000000004}
 */
public record WalEnd(Lsn lsn, WalEndReason reason, String text) {
    @Override
    public String toString() {
        return lsn + ": " + text;
    }
}
