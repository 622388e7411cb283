/** What a check is, and what it says. */
@NullMarked
package dev.understudy.promotion.check;

import org.jspecify.annotations.NullMarked;
