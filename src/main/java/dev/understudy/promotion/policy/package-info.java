/** Thresholds, and what a policy leaves out. */
@NullMarked
package dev.understudy.promotion.policy;

import org.jspecify.annotations.NullMarked;
