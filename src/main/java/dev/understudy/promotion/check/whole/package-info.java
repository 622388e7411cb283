/** Checks of whether the standby is whole. */
@NullMarked
package dev.understudy.promotion.check.whole;

import org.jspecify.annotations.NullMarked;
