/** Checks of what keeps and delivers the WAL of the copy. */
@NullMarked
package dev.understudy.provision.preflight.check.wal;

import org.jspecify.annotations.NullMarked;
