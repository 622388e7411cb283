/** Rehearsals of real standbys. */
@NullMarked
package dev.understudy.promotion.rehearse;

import org.jspecify.annotations.NullMarked;
