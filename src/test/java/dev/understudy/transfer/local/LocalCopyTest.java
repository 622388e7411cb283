package dev.understudy.transfer.local;

import dev.understudy.transfer.CopyContract;
import dev.understudy.transfer.route.Source;
import java.nio.file.Path;

final class LocalCopyTest extends CopyContract {
    @Override
    protected Source source(Path dataDirectory) {
        return new LocalSource(dataDirectory);
    }

    @Override
    protected int leastBytes() {
        return 8192;
    }
}
