package dev.understudy.cli.backup;

import dev.understudy.provision.bundle.BundleDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --bundle}. */
public final class BundleOption {
    @Option(names = "--bundle", paramLabel = "DIR", required = true, description = "The bundle's directory.")
    private Path path = Path.of("");

    public BundleDirectory directory() {
        return BundleDirectory.of(path);
    }
}
