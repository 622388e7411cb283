/** Gathers the facts of a preflight, read-only and every wait limited. */
@NullMarked
package dev.understudy.provision.preflight.gather;

import org.jspecify.annotations.NullMarked;
