/** Keeps a booted clone of a machine from starting its server before it is sealed. */
@NullMarked
package dev.understudy.provision.guard;

import org.jspecify.annotations.NullMarked;
