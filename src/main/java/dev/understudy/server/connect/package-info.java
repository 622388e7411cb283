/** From a connection string to an open connection, or to the reason why there is none. */
@NullMarked
package dev.understudy.server.connect;

import org.jspecify.annotations.NullMarked;
