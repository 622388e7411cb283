/** Gathers the facts through hosts and sessions; changes nothing. */
@NullMarked
package dev.understudy.promotion.gather;

import org.jspecify.annotations.NullMarked;
