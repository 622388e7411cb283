/** What a rule is, and what rules share. */
@NullMarked
package dev.understudy.doctor.rule;

import org.jspecify.annotations.NullMarked;
