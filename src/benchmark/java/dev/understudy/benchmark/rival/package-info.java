/** Programs that a user would pick instead of Understudy, on the same data. */
@NullMarked
package dev.understudy.benchmark.rival;

import org.jspecify.annotations.NullMarked;
