/** Small pushes to a server's WAL: switch, checkpoint, restore point, canary. */
@NullMarked
package dev.understudy.server.wal;

import org.jspecify.annotations.NullMarked;
