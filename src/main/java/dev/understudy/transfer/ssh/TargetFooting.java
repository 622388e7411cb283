package dev.understudy.transfer.ssh;

import dev.understudy.transfer.files.TargetLayout;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** The directories of a target whose parts lie in several places; a shell enters each without following a link in it. */
record TargetFooting(Map<String, String> roots) implements Footing {
    static TargetFooting of(TargetLayout layout) {
        return new TargetFooting(new TreeMap<>(layout.roots()));
    }

    /** Prefix of the root that a path lies strictly below. */
    private String prefix(String path) {
        String found = "";
        for (String prefix : roots.keySet()) {
            if (prefix.length() > found.length() && path.startsWith(prefix + "/")) {
                found = prefix;
            }
        }
        return found;
    }

    private String root(String prefix) {
        return String.valueOf(roots.get(prefix));
    }

    private static String below(String path, String prefix) {
        return prefix.isEmpty() ? path : path.substring(prefix.length() + 1);
    }

    /** The path on that machine, for messages. */
    String absolute(String path) {
        String prefix = prefix(path);
        return root(prefix) + "/" + below(path, prefix);
    }

    @Override
    public String place(String path) {
        String prefix = prefix(path);
        return prefix + "\n" + directory(below(path, prefix));
    }

    private static String directory(String below) {
        int slash = below.lastIndexOf('/');
        return slash < 0 ? "." : below.substring(0, slash);
    }

    @Override
    public void enter(RemoteShell shell, String path) throws IOException {
        String prefix = prefix(path);
        shell.request("enter", root(prefix), directory(below(path, prefix)));
    }

    @Override
    public String name(String path) {
        return "./" + path.substring(path.lastIndexOf('/') + 1);
    }
}
