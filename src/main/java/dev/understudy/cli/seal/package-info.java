/** {@code understudy seal}. */
@NullMarked
package dev.understudy.cli.seal;

import org.jspecify.annotations.NullMarked;
