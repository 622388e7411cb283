/** The files of a running server, read through SQL. */
@NullMarked
package dev.understudy.server.files;

import org.jspecify.annotations.NullMarked;
