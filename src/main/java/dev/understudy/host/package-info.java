/** A machine, local or reached over SSH: runs commands, reads and writes files. Knows nothing of PostgreSQL. */
@NullMarked
package dev.understudy.host;

import org.jspecify.annotations.NullMarked;
