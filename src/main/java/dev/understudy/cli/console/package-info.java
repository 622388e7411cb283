/** What a run looks like on a terminal while it goes on. */
@NullMarked
package dev.understudy.cli.console;

import org.jspecify.annotations.NullMarked;
