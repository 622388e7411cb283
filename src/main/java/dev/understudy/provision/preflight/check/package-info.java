/** What a preflight check is, and what it says. */
@NullMarked
package dev.understudy.provision.preflight.check;

import org.jspecify.annotations.NullMarked;
