/** A server's machine: memory, processors, limits, file systems. Linux's own files tell. */
@NullMarked
package dev.understudy.promotion.machine;

import org.jspecify.annotations.NullMarked;
