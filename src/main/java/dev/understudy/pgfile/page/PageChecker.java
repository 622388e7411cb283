package dev.understudy.pgfile.page;

import java.util.ArrayList;
import java.util.List;

/**
 * Judges the pages of relation files by their checksums, as pg_basebackup and pg_checksums do: a page of zeroes alone is
 * a new one and fine. Stricter than they in one thing, as the server itself is when it reads the page: a page whose
 * header is empty while the rest is not fails.
 *
 * <p>An instance is used by one thread.
 *
 * <p>Source: {@code verify_page_checksum} in {@code src/backend/backup/basebackup.c}, {@code PageIsVerified} in
 * {@code src/backend/storage/page/bufpage.c}.
 */
public final class PageChecker {
    private static final int CHUNK_PAGES = 128;

    private final int pageBytes;
    private final PageChecksum checksum;
    private final int[] computed = new int[CHUNK_PAGES];

    /** @param pageBytes the cluster's block size */
    public PageChecker(int pageBytes) {
        this.pageBytes = pageBytes;
        this.checksum = new PageChecksum(pageBytes);
    }

    /**
     * Checks pages that follow each other.
     *
     * @param bytes holds the pages
     * @param offset where the first one begins
     * @param pages how many
     * @param firstBlock number of the first page in the relation, across its files
     * @return the pages that fail, whatever their LSN; empty if all are well
     */
    public List<PageFailure> check(byte[] bytes, int offset, int pages, int firstBlock) {
        List<PageFailure> failures = List.of();
        for (int done = 0; done < pages; done += CHUNK_PAGES) {
            int count = Math.min(CHUNK_PAGES, pages - done);
            int at = offset + done * pageBytes;
            checksum.of(bytes, at, count, firstBlock + done, computed);
            for (int page = 0; page < count; page++) {
                int start = at + page * pageBytes;
                if (computed[page] != PageHeader.uint16(bytes, start + PageHeader.CHECKSUM_OFFSET)
                        && !isNew(bytes, start)) {
                    failures = add(failures, failure(bytes, start, firstBlock + done + page, computed[page]));
                }
            }
        }
        return failures;
    }

    private static List<PageFailure> add(List<PageFailure> failures, PageFailure failure) {
        List<PageFailure> longer = failures.isEmpty() ? new ArrayList<>() : failures;
        longer.add(failure);
        return longer;
    }

    private static PageFailure failure(byte[] bytes, int start, int blockNumber, int computed) {
        int found = PageHeader.uint16(bytes, start + PageHeader.CHECKSUM_OFFSET);
        return new PageFailure(blockNumber, computed, found, PageHeader.lsn(bytes, start));
    }

    private boolean isNew(byte[] bytes, int start) {
        for (int i = start; i < start + pageBytes; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
