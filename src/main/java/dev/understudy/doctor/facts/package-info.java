/** What was seen of a standby, its primary and its archives: one immutable model, gathered once, saved as JSON. */
@NullMarked
package dev.understudy.doctor.facts;

import org.jspecify.annotations.NullMarked;
