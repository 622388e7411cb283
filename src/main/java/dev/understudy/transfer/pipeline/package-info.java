/** Moves the bytes: units of bounded size, several workers, each byte checked on its way. */
@NullMarked
package dev.understudy.transfer.pipeline;

import org.jspecify.annotations.NullMarked;
