/** What a way to copy must offer: a source that lists, reads and hashes; a sink that writes and flushes. */
@NullMarked
package dev.understudy.transfer.route;

import org.jspecify.annotations.NullMarked;
