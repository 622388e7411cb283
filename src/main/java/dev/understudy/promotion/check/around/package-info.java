/** Checks of what happens around a promotion. */
@NullMarked
package dev.understudy.promotion.check.around;

import org.jspecify.annotations.NullMarked;
