/** Write-ahead log: segments, pages, records, and why a reading of them ended. */
@NullMarked
package dev.understudy.pgfile.wal;

import org.jspecify.annotations.NullMarked;
