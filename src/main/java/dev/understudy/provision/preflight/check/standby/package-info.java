/** Checks of the server that is to run there: programs, libraries, settings. */
@NullMarked
package dev.understudy.provision.preflight.check.standby;

import org.jspecify.annotations.NullMarked;
