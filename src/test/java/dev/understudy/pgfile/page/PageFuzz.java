package dev.understudy.pgfile.page;

import dev.understudy.fuzz.Fuzz;
import java.util.Arrays;
import java.util.List;

/** Pages of relation files, of the smallest and the usual size. */
public final class PageFuzz {
    private PageFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        for (int size : new int[] {1024, 8192}) {
            byte[] pages = Arrays.copyOf(bytes, Math.max(1, (bytes.length + size - 1) / size) * size);
            new PageChecker(size).check(pages, 0, pages.length / size, 131_071).forEach(Fuzz::print);
        }
    }

    public static List<byte[]> seeds() {
        byte[] page = new byte[1024];
        page[12] = 24;
        page[15] = 4;
        page[17] = 4;
        page[18] = 4;
        return List.of(page, new byte[8192]);
    }
}
