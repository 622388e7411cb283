/** Looks for damage through the server's own extensions. */
@NullMarked
package dev.understudy.server.check;

import org.jspecify.annotations.NullMarked;
