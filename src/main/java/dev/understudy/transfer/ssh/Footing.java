package dev.understudy.transfer.ssh;

import java.io.IOException;

/** From where a shell reaches files. */
interface Footing {
    /** Names the place; files with the same one are reached from there together. */
    String place(String path);

    /** Takes the shell to the place of a file. */
    void enter(RemoteShell shell, String path) throws IOException;

    /** What the file is called from there; never begins with a minus sign. */
    String name(String path);

    /** All files from one directory, following links as the server itself does. */
    Footing ONE_DIRECTORY = new Footing() {
        @Override
        public String place(String path) {
            return "";
        }

        @Override
        public void enter(RemoteShell shell, String path) {
            // The shell stands there already.
        }

        @Override
        public String name(String path) {
            return "./" + path;
        }
    };
}
