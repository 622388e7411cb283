/** Checks of a source that somebody else is going to clone. */
@NullMarked
package dev.understudy.provision.preflight.check.clone;

import org.jspecify.annotations.NullMarked;
