/** What lies in a data directory: names of relation files, and what a copy takes along. */
@NullMarked
package dev.understudy.pgfile.directory;

import org.jspecify.annotations.NullMarked;
