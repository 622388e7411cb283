/** Checks of connections, roles and accounts. */
@NullMarked
package dev.understudy.provision.preflight.check.access;

import org.jspecify.annotations.NullMarked;
