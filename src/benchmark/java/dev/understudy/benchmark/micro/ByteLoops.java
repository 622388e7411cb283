package dev.understudy.benchmark.micro;

import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.page.PageChecker;
import dev.understudy.pgfile.page.PageFailure;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done to each byte of a copy, a quarter of a megabyte at a time, as the pipeline has it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ByteLoops {
    private static final int PAGE_BYTES = 8192;
    private static final int PAGES = 32;
    private static final int BYTES = PAGES * PAGE_BYTES;

    private final byte[] data = new byte[BYTES];
    private final PageChecker checker = new PageChecker(PAGE_BYTES);

    @Setup
    public void fill() {
        new Random(1).nextBytes(data);
    }

    /** Bytes of one invocation. */
    public static int bytes() {
        return BYTES;
    }

    @Benchmark
    public List<PageFailure> pageChecksums() {
        return checker.check(data, 0, PAGES, 0);
    }

    @Benchmark
    public int crc32c() {
        return Crc32c.of(data, 0, data.length);
    }
}
