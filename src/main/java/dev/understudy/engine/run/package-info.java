/** The machine that takes steps to their end: order, retries, brackets, guards, undo, resume and abort. */
@NullMarked
package dev.understudy.engine.run;

import org.jspecify.annotations.NullMarked;
