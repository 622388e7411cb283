/** The front door: commands, exit codes, colour, standard streams. */
@NullMarked
package dev.understudy.cli;

import org.jspecify.annotations.NullMarked;
