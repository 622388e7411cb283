/** Checks of whether the standby can be a primary: by its host, its contents and its service. */
@NullMarked
package dev.understudy.promotion.check.surroundings;

import org.jspecify.annotations.NullMarked;
