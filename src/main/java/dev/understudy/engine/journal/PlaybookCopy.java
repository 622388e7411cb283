package dev.understudy.engine.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The playbook that a run keeps beside its journal, by what the journal says of it. */
final class PlaybookCopy {
    private PlaybookCopy() {}

    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether somebody changed the copy since the run began. */
    static boolean isChanged(JournalEvent.RunStarted start, String text) {
        String noted = start.playbookDigest();
        return noted != null && !noted.equals(digest(text));
    }
}
