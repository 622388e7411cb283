/** PostgreSQL's file formats: bytes in, records out. No network, no processes. */
@NullMarked
package dev.understudy.pgfile;

import org.jspecify.annotations.NullMarked;
