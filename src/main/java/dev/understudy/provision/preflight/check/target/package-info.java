/** Checks of the place where the standby is to be: paths, space, port. */
@NullMarked
package dev.understudy.provision.preflight.check.target;

import org.jspecify.annotations.NullMarked;
