/** What a running server's databases and clock are like as a place for a primary; asked through SQL, reading only. */
@NullMarked
package dev.understudy.server.surroundings;

import org.jspecify.annotations.NullMarked;
