/** Several standbys checked and ranked, as a run of the engine. */
@NullMarked
package dev.understudy.promotion.rank;

import org.jspecify.annotations.NullMarked;
