/** Looks at everything that would make a later step fail, before anything is changed. */
@NullMarked
package dev.understudy.provision.preflight;

import org.jspecify.annotations.NullMarked;
