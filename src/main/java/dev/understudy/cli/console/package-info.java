/** What the commands share: streams, formats, exit codes, errors, and what a run looks like while it goes on. */
@NullMarked
package dev.understudy.cli.console;

import org.jspecify.annotations.NullMarked;
