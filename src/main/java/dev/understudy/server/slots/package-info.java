/** Replication slots. */
@NullMarked
package dev.understudy.server.slots;

import org.jspecify.annotations.NullMarked;
