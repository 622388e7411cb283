/** The command about the clone guard. */
@NullMarked
package dev.understudy.cli.guard;

import org.jspecify.annotations.NullMarked;
