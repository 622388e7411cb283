/** A backup around somebody else's copy in two commands: the keeper that holds it open, and the bundle that is left of it. */
@NullMarked
package dev.understudy.provision.bundle;

import org.jspecify.annotations.NullMarked;
