package dev.understudy.transfer.pipeline;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Which files consist of checksummed pages, and whether a page is right. Safe for use by several threads. */
public interface PageRules {
    /** The rules of a cluster without page checksums. */
    PageRules NONE = path -> OptionalLong.empty();

    /** Bytes of a page. */
    int PAGE_BYTES = 8192;

    /** The block number of the file's first page if its pages carry checksums; empty otherwise. */
    OptionalLong firstBlock(String path);

    /** What relation a file belongs to, as a sentence's beginning for messages. */
    default String describe(String path) {
        return "The file belongs to no relation that is known";
    }

    /**
     * Whether a page is fine, or cannot be judged because it changed after the backup began.
     *
     * @param pages holds the page at {@code offset}
     * @param block its block number in the relation's fork
     */
    default boolean isAcceptable(ByteBuffer pages, int offset, long block) {
        return true;
    }
}
