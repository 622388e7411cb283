/** Starts, watches and stops the standby's server through its own programs. */
@NullMarked
package dev.understudy.provision.control;

import org.jspecify.annotations.NullMarked;
