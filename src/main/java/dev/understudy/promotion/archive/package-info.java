/** What archive_command and restore_command say about where WAL goes and comes from; read, never run. */
@NullMarked
package dev.understudy.promotion.archive;

import org.jspecify.annotations.NullMarked;
