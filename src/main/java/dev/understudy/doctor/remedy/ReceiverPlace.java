package dev.understudy.doctor.remedy;

import dev.understudy.doctor.archive.SegmentDirectoryReader;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.host.Host;

/**
 * A receiver's directory.
 *
 * @param login its machine as whoever logged in, for commands
 * @param host the same machine as the directory's owner
 * @param directory absolute path
 */
record ReceiverPlace(Host login, Host host, String directory) {
    SegmentDirectory read() {
        return new SegmentDirectoryReader(host, directory).read();
    }
}
