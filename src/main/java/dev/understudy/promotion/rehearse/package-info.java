/** Rehearses a promotion: copies a standby, isolates the copy, promotes it, looks at it and removes it. */
@NullMarked
package dev.understudy.promotion.rehearse;

import org.jspecify.annotations.NullMarked;
