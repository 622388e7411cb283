package dev.understudy.transfer.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Tablespace;
import dev.understudy.transfer.files.ListingBuilder;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A primary's data directory on this machine. */
public final class LocalSource implements Source {
    private final Path dataDirectory;
    private final Map<String, Path> roots = new TreeMap<>();

    /** @param dataDirectory absolute path; may be a symbolic link */
    public LocalSource(Path dataDirectory) {
        try {
            this.dataDirectory = dataDirectory.toRealPath();
        } catch (IOException failure) {
            throw LocalErrors.of(failure, "could not open data directory", dataDirectory.toString());
        }
        roots.put("", this.dataDirectory);
    }

    @Override
    public String via() {
        return "local";
    }

    @Override
    public String describe() {
        return "primary's data directory \"%s\"".formatted(dataDirectory);
    }

    @Override
    public SourceListing list(CopyRules rules, Runnable liveness) {
        ListingBuilder listing = new ListingBuilder(rules, describe());
        try {
            listing.root(attributes(dataDirectory).mode());
            walk(dataDirectory, "", listing, liveness);
        } catch (IOException failure) {
            throw unreadable(dataDirectory, failure);
        }
        SourceListing built = listing.build();
        for (Tablespace tablespace : built.tablespaces()) {
            roots.put(TargetLayout.TABLESPACES + "/" + tablespace.oid(), Path.of(tablespace.location()));
        }
        return built;
    }

    private void walk(Path directory, String prefix, ListingBuilder listing, Runnable liveness) {
        List<String> below = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                liveness.run();
                String path = prefix + entry.getFileName();
                if (add(entry, path, listing)) {
                    below.add(path);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException vanished) {
            return;
        } catch (IOException failure) {
            throw unreadable(directory, failure);
        }
        for (String path : below) {
            walk(directory.resolve(path.substring(prefix.length())), path + "/", listing, liveness);
        }
    }

    private boolean add(Path entry, String path, ListingBuilder listing) {
        try {
            Attributes attributes = attributes(entry);
            String link = attributes.kind() == ListingBuilder.Kind.SYMBOLIC_LINK
                    ? Files.readSymbolicLink(entry).toString()
                    : "";
            return listing.add(
                    path, attributes.kind(), attributes.size(), attributes.modifiedSeconds(), attributes.mode(), link);
        } catch (NoSuchFileException vanished) {
            return false;
        } catch (IOException failure) {
            throw unreadable(entry, failure);
        }
    }

    private record Attributes(ListingBuilder.Kind kind, long size, long modifiedSeconds, int mode) {}

    private static Attributes attributes(Path path) throws IOException {
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        ListingBuilder.Kind kind = found.isRegularFile()
                ? ListingBuilder.Kind.FILE
                : found.isDirectory()
                        ? ListingBuilder.Kind.DIRECTORY
                        : found.isSymbolicLink() ? ListingBuilder.Kind.SYMBOLIC_LINK : ListingBuilder.Kind.SPECIAL;
        return new Attributes(
                kind, found.size(), found.lastModifiedTime().to(TimeUnit.SECONDS), Modes.bits(found.permissions()));
    }

    private UnderstudyException unreadable(Path path, IOException failure) {
        return UnderstudyException.of(ErrorCode.SOURCE_UNREADABLE, "could not read \"%s\" of the %s", path, describe())
                .detail("%s", LocalErrors.reason(failure))
                .cause(failure)
                .build();
    }

    @Override
    public SourceReader open() {
        return new LocalReader(roots, describe());
    }

    @Override
    public void close() {
        roots.clear();
    }
}
