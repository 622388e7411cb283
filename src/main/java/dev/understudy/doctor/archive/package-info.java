/** Reads directories of WAL segments: plain, compressed, partial, several timelines. */
@NullMarked
package dev.understudy.doctor.archive;

import org.jspecify.annotations.NullMarked;
