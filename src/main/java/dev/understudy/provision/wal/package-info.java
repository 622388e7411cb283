/** WAL segments wherever they lie, as sources for the reader. */
@NullMarked
package dev.understudy.provision.wal;

import org.jspecify.annotations.NullMarked;
