/** This machine. */
@NullMarked
package dev.understudy.host.local;

import org.jspecify.annotations.NullMarked;
