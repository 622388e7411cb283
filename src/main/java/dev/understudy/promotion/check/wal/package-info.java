/** Checks of whether the standby has everything. */
@NullMarked
package dev.understudy.promotion.check.wal;

import org.jspecify.annotations.NullMarked;
