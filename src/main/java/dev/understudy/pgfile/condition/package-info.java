/** Tells what a data directory is from the few files that say so. */
@NullMarked
package dev.understudy.pgfile.condition;

import org.jspecify.annotations.NullMarked;
