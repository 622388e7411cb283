/** Moves a data directory: source and sink, ranges, pipeline, delta, manifest, page checks. */
@NullMarked
package dev.understudy.transfer;

import org.jspecify.annotations.NullMarked;
