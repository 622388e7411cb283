/** The control file, {@code global/pg_control}: reading, checking and sealing it. */
@NullMarked
package dev.understudy.pgfile.control;

import org.jspecify.annotations.NullMarked;
