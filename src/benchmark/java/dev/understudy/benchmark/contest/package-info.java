/**
 * The contests, one class each.
 */
@NullMarked
package dev.understudy.benchmark.contest;

import org.jspecify.annotations.NullMarked;
