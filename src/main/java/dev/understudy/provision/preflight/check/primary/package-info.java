/** Checks of the primary itself. */
@NullMarked
package dev.understudy.provision.preflight.check.primary;

import org.jspecify.annotations.NullMarked;
