package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.pgfile.backup.BackupManifest;
import dev.understudy.pgfile.backup.BackupManifestWriter;
import dev.understudy.pgfile.backup.ManifestFile;
import dev.understudy.pgfile.backup.WalRange;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect manifest}: what a backup says it consists of. */
@Command(name = "manifest", description = "Says what a backup_manifest holds.", mixinStandardHelpOptions = true)
final class InspectManifestCommand implements Callable<Integer> {
    @Mixin
    private InspectOutput output = new InspectOutput();

    @Option(names = "--files", description = "Lists the files too, one a line, before the rest.")
    private boolean listFiles;

    @Parameters(index = "0", paramLabel = "PATH", description = "backup_manifest, or the backup's directory.")
    private @Nullable Path path;

    @Override
    public Integer call() {
        Path given = Objects.requireNonNull(path);
        Path file = Files.isDirectory(given) ? given.resolve(BackupManifestWriter.FILE_NAME) : given;
        BackupManifest manifest;
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            manifest = BackupManifest.readLeniently(in, this::print);
        } catch (IOException e) {
            throw InspectOutput.unreadable(file, e);
        }
        if (output.isJson()) {
            ObjectNode node = json(manifest);
            // Files come a line each, so the rest does too.
            if (listFiles) {
                output.out().println(InspectOutput.line(node));
            } else {
                output.print(node);
            }
        } else {
            print(manifest);
        }
        output.out().flush();
        return manifest.checksumOk() ? InspectOutput.OK : InspectOutput.FINDINGS;
    }

    private void print(ManifestFile file) {
        if (!listFiles) {
            return;
        }
        if (output.isJson()) {
            ObjectNode node = InspectOutput.object();
            node.put("path", file.path());
            node.put("size", Long.toString(file.sizeBytes()));
            node.put("lastModified", file.lastModified().toString());
            node.put("checksumAlgorithm", file.algorithm());
            node.put("checksum", file.checksum());
            output.out().println(InspectOutput.line(node));
        } else {
            output.out().printf("%s %s %12d %s%n", file.algorithm(), file.checksum(), file.sizeBytes(), file.path());
        }
    }

    private static ObjectNode json(BackupManifest manifest) {
        ObjectNode node = InspectOutput.object();
        node.put("version", manifest.version());
        manifest.systemIdentifier().ifPresent(identifier -> node.put("systemIdentifier", identifier.toString()));
        node.put("files", manifest.files());
        node.put("totalBytes", Long.toString(manifest.totalBytes()));
        ArrayNode ranges = node.putArray("walRanges");
        for (WalRange range : manifest.walRanges()) {
            ranges.addObject()
                    .put("timeline", Integer.toUnsignedLong(range.timeline().number()))
                    .put("startLsn", range.start().toString())
                    .put("endLsn", range.end().toString());
        }
        node.put("checksum", manifest.checksum());
        node.put("checksumOk", manifest.checksumOk());
        return node;
    }

    private void print(BackupManifest manifest) {
        if (!manifest.checksumOk()) {
            output.out()
                    .println("WARNING: The manifest does not match its own checksum: it was cut short or changed.\n");
        }
        output.print("Manifest version", manifest.version());
        manifest.systemIdentifier().ifPresent(identifier -> output.print("Database system identifier", identifier));
        output.print("Files", manifest.files());
        output.print("Total size", manifest.totalBytes() + " bytes");
        for (WalRange range : manifest.walRanges()) {
            output.print("WAL on timeline " + range.timeline(), range.start() + " to " + range.end());
        }
        output.print("Manifest checksum", manifest.checksum());
    }
}
