/** The immutable plan, and the reading of playbooks with file, line and column. */
@NullMarked
package dev.understudy.plan;

import org.jspecify.annotations.NullMarked;
