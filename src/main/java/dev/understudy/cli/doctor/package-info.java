/** The command {@code doctor}: examines, shows, repairs. */
@NullMarked
package dev.understudy.cli.doctor;

import org.jspecify.annotations.NullMarked;
