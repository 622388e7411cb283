/** What was seen of a standby and of what surrounds it; gathered once, saved and read again. */
@NullMarked
package dev.understudy.promotion.facts;

import org.jspecify.annotations.NullMarked;
